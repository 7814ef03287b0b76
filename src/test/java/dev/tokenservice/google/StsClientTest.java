package dev.tokenservice.google;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tokenservice.google.FakeGoogle.Call;
import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.oauth.RefusedException;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StsClientTest {

    private static final String AUDIENCE =
            "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/x";
    private static final String SCOPE = "https://www.googleapis.com/auth/cloud-platform";

    private final TestGoogle test = new TestGoogle();
    private final FakeGoogle google = test.google;
    private final TestIssuer issuer = new TestIssuer();

    @BeforeEach
    void addProvider() {
        google.sts().addProvider(AUDIENCE, issuer.url());
    }

    @AfterEach
    void close() {
        issuer.close();
        test.close();
    }

    @Test
    void exchange_validToken_accessTokenWithItsExpiry() {
        AccessToken token = exchange(issuer.token("https:" + AUDIENCE, "client"), SCOPE);

        assertThat(token.value()).isNotEmpty();
        assertThat(token.expiry())
                .isBetween(Instant.now().plusSeconds(3590), Instant.now().plusSeconds(3600));
        assertThat(token.toString()).doesNotContain(token.value());
    }

    @Test
    void exchange_tokenForAnotherAudience_invalidGrantWithGooglesReason() {
        Refusal failure = failure(issuer.token("https://other.example", "client"), SCOPE);

        assertThat(failure.error()).isEqualTo(OAuthError.INVALID_GRANT);
        assertThat(failure.status()).isEqualTo(400);
        assertThat(failure.description()).contains("The audience in ID Token");
        assertThat(google.calls(Call.STS)).isEqualTo(1);
    }

    @Test
    void exchange_unknownScope_invalidScope() {
        Refusal failure = failure(issuer.token(AUDIENCE, "client"), "everything");

        assertThat(failure.error()).isEqualTo(OAuthError.INVALID_SCOPE);
        assertThat(failure.description()).contains("everything");
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_grant, INVALID_GRANT",
        "400, unauthorized_client, INVALID_GRANT",
        "403, access_denied, INVALID_GRANT",
        "400, invalid_scope, INVALID_SCOPE",
        "400, invalid_target, SERVER_ERROR",
        "400, invalid_request, SERVER_ERROR",
        "400, something_new, SERVER_ERROR"
    })
    void exchange_refused_errorOfTheContract(int status, String code, OAuthError expected) {
        google.fail(Call.STS, Fault.oauth(status, code, "because of \\u0007 this"));

        Refusal failure = failure("a.b.c", SCOPE);

        assertThat(failure.error()).isEqualTo(expected);
        assertThat(failure.detail().orElse("")).contains(code, "because of ? this");
        assertThat(failure.description().contains("because")).isEqualTo(expected != OAuthError.SERVER_ERROR);
    }

    @Test
    void exchange_longReason_cut() {
        google.fail(Call.STS, Fault.oauth(400, "invalid_grant", "r".repeat(5000)));

        assertThat(failure("a.b.c", SCOPE).description()).hasSizeLessThan(200);
    }

    @Test
    void exchange_apiDisabled_serverErrorNamingTheApi() {
        google.fail(Call.STS, Fault.status(403, "PERMISSION_DENIED", "API has not been used"));

        Refusal failure = failure("a.b.c", SCOPE);

        assertThat(failure.error()).isEqualTo(OAuthError.SERVER_ERROR);
        assertThat(failure.detail().orElse("")).contains("sts.googleapis.com");
    }

    @Test
    void exchange_refusalThatIsNoJson_unavailable() {
        google.fail(Call.STS, Fault.body(403, "text/html", "<html>Blocked</html>"));

        assertThat(failure("a.b.c", SCOPE).status()).isEqualTo(503);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'access_token':'t','issued_token_type':'urn:ietf:params:oauth:token-type:access_token','token_type':'Bearer'}",
                "{'access_token':'t','issued_token_type':'urn:ietf:params:oauth:token-type:access_token','token_type':'Bearer','expires_in':0}",
                "{'access_token':'t','issued_token_type':'urn:ietf:params:oauth:token-type:jwt','token_type':'Bearer','expires_in':60}",
                "{'access_token':'t','issued_token_type':'urn:ietf:params:oauth:token-type:access_token','token_type':'mac','expires_in':60}",
                "{'access_token':'','issued_token_type':'urn:ietf:params:oauth:token-type:access_token','token_type':'Bearer','expires_in':60}",
                "{'access_token':'t','access_token':'u','token_type':'Bearer','expires_in':60}",
                "[]",
                "{} {}"
            })
    void exchange_answerThatIsNotOne_unavailable(String answer) {
        google.fail(Call.STS, Fault.body(200, "application/json", answer.replace('\'', '"')));

        assertThat(failureOfRetries().status()).isEqualTo(503);
    }

    @Test
    void history_clientRefused_noFailureOfOurs() {
        failure("a.b.c", SCOPE);
        assertThat(test.clients.sts().history().failures()).isEmpty();
        assertThat(test.clients.sts().history().ageOfLastSuccess()).isEmpty();

        google.fail(Call.STS, Fault.oauth(400, "invalid_target", "no such provider"));
        failure("a.b.c", SCOPE);
        assertThat(test.clients.sts().history().failures()).isPresent();
    }

    private AccessToken exchange(String subjectToken, String scope) {
        return test.clients.sts().exchange(subjectToken, AUDIENCE, scope, TestGoogle.patient());
    }

    private Refusal failure(String subjectToken, String scope) {
        return catchThrowableOfType(RefusedException.class, () -> exchange(subjectToken, scope))
                .refusal();
    }

    /** The same for an answer after which the client tries again. */
    private Refusal failureOfRetries() {
        return catchThrowableOfType(
                        RefusedException.class,
                        () -> test.clients.sts().exchange("a.b.c", AUDIENCE, SCOPE, TestGoogle.soon()))
                .refusal();
    }
}
