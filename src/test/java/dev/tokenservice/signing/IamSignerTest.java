package dev.tokenservice.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.SignedJWT;
import dev.tokenservice.google.TestGoogle;
import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.RefusedException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IamSignerTest {

    @Test
    void sign_claims_signedByIamAsTheyAre() throws Exception {
        try (TestGoogle test = new TestGoogle()) {
            TokenSigner signer =
                    new IamSigner(test.clients.iamCredentials(), test.credentials(), "https://keys.example/jwks");
            long exp = Instant.now().plusSeconds(60).getEpochSecond();
            Map<String, Object> claims = Map.of(
                    "aud", "https://api.example", "exp", exp, "client", Map.of("x5_dnssans", List.of("a\"b", "ü")));

            SignedJWT jwt = SignedJWT.parse(signer.sign(claims, TestGoogle.patient()));

            assertThat(jwt.getPayload().toJSONObject()).isEqualTo(claims);
            assertThat(jwt.verify(new RSASSAVerifier(test.google
                            .iam()
                            .publicKeys()
                            .getKeyByKeyId(jwt.getHeader().getKeyID())
                            .toRSAKey())))
                    .isTrue();
            assertThat(signer.algorithm()).isEqualTo("RS256");
            assertThat(signer.jwksUri()).contains("https://keys.example/jwks");
            assertThat(signer.publicKeys()).isEmpty();
        }
    }

    @Test
    void sign_algorithmThatIamDoesNotHave_refusedForTheOperator() {
        try (TestGoogle test = new TestGoogle()) {
            TokenSigner signer =
                    new IamSigner(test.clients.iamCredentials(), test.credentials(), "https://keys.example/jwks");

            assertThatThrownBy(() -> signer.sign(Map.of("aud", "x"), "ES256", TestGoogle.soon()))
                    .isInstanceOfSatisfying(RefusedException.class, refused -> {
                        assertThat(refused.refusal().error()).isEqualTo(OAuthError.SERVER_ERROR);
                        assertThat(refused.refusal().detail())
                                .hasValueSatisfying(
                                        text -> assertThat(text).contains("IAM signs RS256 only", "SIGNER"));
                    });
        }
    }
}
