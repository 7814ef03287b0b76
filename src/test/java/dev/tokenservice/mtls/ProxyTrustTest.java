package dev.tokenservice.mtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.OAuthException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProxyTrustTest {

    private static final String HEADER = "X-Token-Service-Proxy";

    private final ProxyFactory factory = new ProxyFactory();
    private Connection near;
    private Connection far;

    @BeforeEach
    void connect() throws UnknownHostException {
        near = new Connection(InetAddress.getByName("10.1.2.3"), false, List.of());
        far = new Connection(InetAddress.getByName("203.0.113.9"), false, List.of());
    }

    private static RequestHeaders secret(String... values) {
        return new RequestHeaders(Map.of(HEADER, List.of(values)));
    }

    @Test
    void check_nothingConfigured_believesEverybodyAndSaysSo() {
        ProxyTrust trust = factory.build(Optional.empty(), () -> DeniedCertificates.NONE);

        assertThatCode(() -> trust.check(secret(), far)).doesNotThrowAnyException();
        assertThat(trust.believesEverybody()).isTrue();
        assertThat(trust.description()).contains("PROXY_SECRET", "TRUSTED_PROXIES");
    }

    @Test
    void check_oneOfTwoSecrets_passes() {
        factory.secrets = List.of("the-old-secret", "the-new-secret");
        ProxyTrust trust = factory.build(Optional.empty(), () -> DeniedCertificates.NONE);

        assertThatCode(() -> trust.check(secret("the-old-secret"), far)).doesNotThrowAnyException();
        assertThatCode(() -> trust.check(secret("the-new-secret"), far)).doesNotThrowAnyException();
        assertThat(trust.believesEverybody()).isFalse();
        assertThat(trust.description()).contains("PROXY_SECRET").doesNotContain("the-");
    }

    @Test
    void check_anyOtherSecret_isRefusedWithoutRepeatingIt() {
        factory.secrets = List.of("the-old-secret", "the-new-secret");
        ProxyTrust trust = factory.build(Optional.empty(), () -> DeniedCertificates.NONE);

        for (RequestHeaders headers : List.of(
                secret("the-new-secre"),
                secret("THE-NEW-SECRET"),
                secret("the-new-secret "),
                secret("the-old-secret,the-new-secret"),
                secret("the-new-secret", "the-new-secret"),
                secret("the-new-secret", "x"),
                secret(""),
                new RequestHeaders(Map.of()),
                new RequestHeaders(Map.of("X_Token_Service_Proxy", List.of("the-new-secret"))))) {
            assertThatThrownBy(() -> trust.check(headers, near))
                    .isInstanceOfSatisfying(OAuthException.class, refusal -> {
                        assertThat(refusal.error()).isEqualTo(OAuthError.INVALID_CLIENT);
                        assertThat(refusal.description()).doesNotContain("secret", HEADER);
                        assertThat(refusal.detail().orElseThrow())
                                .contains(HEADER)
                                .doesNotContain("the-new", "the-old");
                    });
        }
    }

    @Test
    void check_network_countsWhereTheConnectionComesFrom() {
        factory.addresses = List.of("10.0.0.0/8", "2001:db8::/32");
        ProxyTrust trust = factory.build(Optional.empty(), () -> DeniedCertificates.NONE);
        RequestHeaders forwarded = new RequestHeaders(Map.of("X-Forwarded-For", List.of("10.1.2.3")));

        assertThatCode(() -> trust.check(forwarded, near)).doesNotThrowAnyException();
        assertThatThrownBy(() -> trust.check(forwarded, far))
                .isInstanceOfSatisfying(
                        OAuthException.class,
                        refusal -> assertThat(refusal.detail())
                                .hasValueSatisfying(
                                        detail -> assertThat(detail).contains("203.0.113.9", "TRUSTED_PROXIES")));
    }

    @Test
    void check_bothConfigured_bothMustHold() {
        factory.secrets = List.of("s");
        factory.addresses = List.of("10.0.0.0/8");
        ProxyTrust trust = factory.build(Optional.empty(), () -> DeniedCertificates.NONE);

        assertThatCode(() -> trust.check(secret("s"), near)).doesNotThrowAnyException();
        assertThatThrownBy(() -> trust.check(secret("s"), far)).isInstanceOf(OAuthException.class);
        assertThatThrownBy(() -> trust.check(secret("t"), near)).isInstanceOf(OAuthException.class);
        assertThat(trust.description()).contains("PROXY_SECRET and TRUSTED_PROXIES");
    }
}
