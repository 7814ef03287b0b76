package dev.tokenservice.google;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tokenservice.google.FakeGoogle.Call;
import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.outbound.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ImpersonationTest {

    private static final String AUDIENCE =
            "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/x";
    private static final String CLOUD_PLATFORM = "https://www.googleapis.com/auth/cloud-platform";
    private static final String ACCOUNT = "target@project.iam.gserviceaccount.com";

    private final TestGoogle test = new TestGoogle();
    private final FakeGoogle google = test.google;
    private String bearer = "";

    @BeforeEach
    void exchange() {
        try (TestIssuer issuer = new TestIssuer()) {
            google.sts().addProvider(AUDIENCE, issuer.url());
            bearer = test.clients
                    .sts()
                    .exchange(issuer.token(AUDIENCE, "client"), AUDIENCE, CLOUD_PLATFORM, deadline())
                    .value();
        }
    }

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void generateAccessToken_granted_tokenWithItsExpiry() {
        google.iam().grantImpersonation(ACCOUNT, "client");

        AccessToken token = generate(
                Duration.ofMinutes(30), CLOUD_PLATFORM, "https://www.googleapis.com/auth/devstorage.full_control");

        assertThat(token.value()).isNotEmpty();
        assertThat(token.expiry())
                .isBetween(Instant.now().plusSeconds(1790), Instant.now().plusSeconds(1801));
    }

    @Test
    void generateAccessToken_notGranted_invalidGrantWithGooglesReason() {
        Refusal failure = failure(Duration.ofHours(1), CLOUD_PLATFORM);

        assertThat(failure.error()).isEqualTo(OAuthError.INVALID_GRANT);
        assertThat(failure.description()).contains("iam.serviceAccounts.getAccessToken");
        assertThat(google.calls(Call.GENERATE_ACCESS_TOKEN)).isEqualTo(1);
    }

    @Test
    void generateAccessToken_noSuchAccount_invalidGrant() {
        google.fail(Call.GENERATE_ACCESS_TOKEN, Fault.status(404, "NOT_FOUND", "Not found; Gaia id not found"));

        assertThat(failure(Duration.ofHours(1), CLOUD_PLATFORM).error()).isEqualTo(OAuthError.INVALID_GRANT);
    }

    @Test
    void generateAccessToken_unknownScope_invalidScope() {
        google.iam().grantImpersonation(ACCOUNT, "client");

        assertThat(failure(Duration.ofHours(1), "everything").error()).isEqualTo(OAuthError.INVALID_SCOPE);
    }

    @Test
    void generateAccessToken_lifetimeNotAllowed_serverErrorNamingTheSetting() {
        google.iam().grantImpersonation(ACCOUNT, "client");

        Refusal failure = failure(Duration.ofHours(12), CLOUD_PLATFORM);

        assertThat(failure.error()).isEqualTo(OAuthError.SERVER_ERROR);
        assertThat(failure.detail().orElse("")).contains("ACCESS_TOKEN_VALIDITY");

        google.iam().allowLongLifetimes();
        assertThat(generate(Duration.ofHours(12), CLOUD_PLATFORM).expiry())
                .isAfter(Instant.now().plusSeconds(43_000));
    }

    @Test
    void generateAccessToken_apiDisabled_serverErrorNamingTheApi() {
        google.fail(
                Call.GENERATE_ACCESS_TOKEN,
                Fault.body(
                        403,
                        "application/json",
                        "{\"error\":{\"code\":403,\"details\":[{\"reason\":\"SERVICE_DISABLED\"}]}}"));

        Refusal failure = failure(Duration.ofHours(1), CLOUD_PLATFORM);

        assertThat(failure.error()).isEqualTo(OAuthError.SERVER_ERROR);
        assertThat(failure.detail().orElse("")).contains("iamcredentials.googleapis.com");
    }

    @Test
    void generateAccessToken_expireTimeIsNone_unavailable() {
        for (String time : List.of("soon", "2001-01-01T00:00:00Z")) {
            google.fail(
                    Call.GENERATE_ACCESS_TOKEN,
                    Fault.body(200, "application/json", "{\"accessToken\":\"t\",\"expireTime\":\"" + time + "\"}"));

            assertThat(failure(Duration.ofHours(1), CLOUD_PLATFORM).status()).isEqualTo(503);
        }
    }

    private AccessToken generate(Duration lifetime, String... scopes) {
        return test.clients
                .iamCredentials()
                .generateAccessToken(ACCOUNT, List.of(scopes), lifetime, bearer, deadline());
    }

    private Refusal failure(Duration lifetime, String... scopes) {
        return catchThrowableOfType(RefusedException.class, () -> generate(lifetime, scopes))
                .refusal();
    }

    private static Deadline deadline() {
        return Deadline.after(Duration.ofSeconds(1));
    }
}
