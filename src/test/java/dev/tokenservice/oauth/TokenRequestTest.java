package dev.tokenservice.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenRequestTest {

    private static final String GRANT = "grant_type=client_credentials";

    @Test
    void of_grantTypeAlone_asksForAnIdToken() {
        TokenRequest request = request(GRANT + "&client_id=&audience=&scope=&format=&unknown=x");

        assertThat(request.clientId()).isEmpty();
        assertThat(request.audience()).isEmpty();
        assertThat(request.scopes()).isEmpty();
        assertThat(request.serviceAccount()).isEmpty();
        assertThat(request.externalCredential()).isFalse();
        assertThat(request.wantsAccessToken()).isFalse();
    }

    @Test
    void of_everyParameter_isRead() {
        TokenRequest request =
                request(GRANT + "&client_id=me&audience=aud&scope=a+b+a&service_account=robot@p.example");

        assertThat(request.clientId()).contains("me");
        assertThat(request.audience()).contains("aud");
        assertThat(request.scopes()).containsExactly("a", "b");
        assertThat(request.serviceAccount()).contains("robot@p.example");
        assertThat(request.wantsAccessToken()).isTrue();
    }

    @Test
    void of_resource_isASynonymOfAudience() {
        assertThat(request(GRANT + "&resource=aud").audience()).contains("aud");
    }

    /** The client library that reads this format exchanges the token itself. */
    @Test
    void of_externalCredential_ignoresTheScopeWhateverItIs() {
        TokenRequest request = request(GRANT + "&format=external_credential&scope=%22++");

        assertThat(request.externalCredential()).isTrue();
        assertThat(request.scopes()).isEmpty();
        assertThat(request.wantsAccessToken()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                            | INVALID_REQUEST        | grant_type is missing",
                "grant_type=                                   | INVALID_REQUEST        | grant_type is missing",
                "grant_type=password                           | UNSUPPORTED_GRANT_TYPE | found 'password'",
                "grant_type=Client_credentials                 | UNSUPPORTED_GRANT_TYPE | found 'Client_credentials'",
                "grant_type=client_credentials&format=json     | INVALID_REQUEST        | format must be",
                "grant_type=client_credentials&audience=a&resource=a | INVALID_REQUEST  | audience and resource",
                "grant_type=client_credentials&service_account=a@b.example | INVALID_REQUEST | needs a scope",
                "grant_type=client_credentials&scope=a&service_account=a/b | INVALID_REQUEST | email address"
            })
    void of_wrong_isRefused(String body, OAuthError error, String description) {
        Refusal refusal = refusal(body);

        assertThat(refusal.error()).isEqualTo(error);
        assertThat(refusal.reason()).isEqualTo(ReasonCode.MALFORMED_REQUEST);
        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.description()).contains(description);
    }

    @ParameterizedTest
    @ValueSource(strings = {"+a", "a+", "a++b", "%22", "%5C", "%7F", "a%09b", "%C3%A4"})
    void of_scopeOutsideItsGrammar_isRefused(String scope) {
        Refusal refusal = refusal(GRANT + "&scope=" + scope);

        assertThat(refusal.error()).isEqualTo(OAuthError.INVALID_SCOPE);
        assertThat(refusal.reason()).isEqualTo(ReasonCode.MALFORMED_REQUEST);
    }

    @Test
    void of_scope_isBounded() {
        assertThat(request(GRANT + "&scope=" + "a".repeat(4096)).scopes()).hasSize(1);
        assertThat(refusal(GRANT + "&scope=" + "a".repeat(4097)).description()).contains("longer than 4096");
    }

    private static TokenRequest request(String body) {
        return TokenRequest.of(Form.read(body.getBytes(StandardCharsets.UTF_8)).checked());
    }

    private static Refusal refusal(String body) {
        return catchThrowableOfType(RefusedException.class, () -> request(body)).refusal();
    }
}
