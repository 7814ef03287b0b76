package dev.tokenservice.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenservice.configuration.Platform;
import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.x509.DeniedCertificates;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        return new RequestHeaders(Stream.of(values).map(value -> Map.entry(HEADER, value)));
    }

    private ProxyTrust trust(boolean cloudRun) {
        return factory.build(
                new Verification(Optional.empty(), false),
                new CertificateStatus(() -> DeniedCertificates.NONE, Clock.systemUTC()),
                new Platform(cloudRun, cloudRun));
    }

    @Test
    void check_nothingConfigured_believesNobodyAndNamesTheSettings() throws UnknownHostException {
        ProxyTrust trust = trust(false);
        Connection loopback = new Connection(InetAddress.getLoopbackAddress(), false, List.of());

        for (Connection connection : List.of(near, far, loopback)) {
            assertThatThrownBy(() -> trust.check(secret("s"), connection))
                    .isInstanceOfSatisfying(RefusedException.class, refused -> {
                        assertThat(refused.refusal().error()).isEqualTo(OAuthError.INVALID_CLIENT);
                        assertThat(refused.refusal().description()).isEqualTo(ProxyTrust.REFUSAL);
                        assertThat(refused.refusal().detail()).contains(trust.description());
                    });
        }
        assertThat(trust.basis()).isEqualTo(ProxyTrust.Basis.NONE);
        assertThat(trust.description())
                .contains(
                        "PROXY_SECRET",
                        "TRUSTED_PROXIES",
                        "PROXY_CERTIFICATES",
                        "TRUSTED_PROXIES=127.0.0.1",
                        "TRUSTED_PROXIES=any");
    }

    @Test
    void check_nothingConfiguredOnCloudRun_believesAnyoneAndSaysSo() {
        ProxyTrust trust = trust(true);

        assertThatCode(() -> trust.check(secret(), far)).doesNotThrowAnyException();
        assertThat(trust.basis()).isEqualTo(ProxyTrust.Basis.CLOUD_RUN);
        assertThat(trust.description()).contains("anyone", "PROXY_SECRET", "ingress");
    }

    @Test
    void check_proofOnCloudRun_isAskedFor() {
        factory.secrets = List.of("s");

        assertThatThrownBy(() -> trust(true).check(secret(), near)).isInstanceOf(RefusedException.class);
        factory.secrets = List.of();
        factory.addresses = List.of("10.0.0.0/8");
        assertThatThrownBy(() -> trust(true).check(secret(), far)).isInstanceOf(RefusedException.class);
    }

    @Test
    void check_any_believesAnyoneButAsksForTheOtherProofs() {
        factory.addresses = List.of("Any");
        assertThatCode(() -> trust(false).check(secret(), far)).doesNotThrowAnyException();
        assertThat(trust(false).basis()).isEqualTo(ProxyTrust.Basis.NETWORK);
        assertThat(trust(false).description()).contains("TRUSTED_PROXIES=any", "anyone");

        factory.secrets = List.of("s");
        assertThatCode(() -> trust(false).check(secret("s"), far)).doesNotThrowAnyException();
        assertThatThrownBy(() -> trust(false).check(secret(), far)).isInstanceOf(RefusedException.class);
        assertThat(trust(false).basis()).isEqualTo(ProxyTrust.Basis.PROOFS);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, ::1, true",
        "::1, 127.0.0.1, true",
        "127.0.0.1, ::ffff:127.0.0.1, true",
        "127.0.0.1, 127.0.0.2, false",
        "127.0.0.2, ::1, false",
        "10.0.0.0/8, ::1, false",
    })
    void check_sameMachine_isTheSameByEitherFamily(String trusted, String peer, boolean expected)
            throws UnknownHostException {
        factory.addresses = List.of(trusted);
        Connection connection = new Connection(InetAddress.getByName(peer), false, List.of());

        if (expected) {
            assertThatCode(() -> trust(false).check(secret(), connection)).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> trust(false).check(secret(), connection)).isInstanceOf(RefusedException.class);
        }
    }

    @Test
    void check_oneOfTwoSecrets_passes() {
        factory.secrets = List.of("the-old-secret", "the-new-secret");
        ProxyTrust trust = trust(false);

        assertThatCode(() -> trust.check(secret("the-old-secret"), far)).doesNotThrowAnyException();
        assertThatCode(() -> trust.check(secret("the-new-secret"), far)).doesNotThrowAnyException();
        assertThat(trust.basis()).isEqualTo(ProxyTrust.Basis.PROOFS);
        assertThat(trust.description()).contains("PROXY_SECRET").doesNotContain("the-");
    }

    @Test
    void check_anyOtherSecret_isRefusedWithoutRepeatingIt() {
        factory.secrets = List.of("the-old-secret", "the-new-secret");
        ProxyTrust trust = trust(false);

        for (RequestHeaders headers : List.of(
                secret("the-new-secre"),
                secret("THE-NEW-SECRET"),
                secret("the-new-secret "),
                secret("the-old-secret,the-new-secret"),
                secret("the-new-secret", "the-new-secret"),
                secret("the-new-secret", "x"),
                secret(""),
                new RequestHeaders(Stream.of()),
                new RequestHeaders(Stream.of(Map.entry("X_Token_Service_Proxy", "the-new-secret"))))) {
            assertThatThrownBy(() -> trust.check(headers, near))
                    .isInstanceOfSatisfying(RefusedException.class, refused -> {
                        assertThat(refused.refusal().error()).isEqualTo(OAuthError.INVALID_CLIENT);
                        assertThat(refused.refusal().description()).doesNotContain("secret", HEADER);
                        assertThat(refused.refusal().detail().orElseThrow())
                                .contains(HEADER)
                                .doesNotContain("the-new", "the-old");
                    });
        }
    }

    @Test
    void check_network_countsWhereTheConnectionComesFrom() {
        factory.addresses = List.of("10.0.0.0/8", "2001:db8::/32");
        ProxyTrust trust = trust(false);
        RequestHeaders forwarded = new RequestHeaders(Stream.of(Map.entry("X-Forwarded-For", "10.1.2.3")));

        assertThatCode(() -> trust.check(forwarded, near)).doesNotThrowAnyException();
        assertThatThrownBy(() -> trust.check(forwarded, far))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.refusal().detail())
                                .hasValueSatisfying(
                                        detail -> assertThat(detail).contains("203.0.113.9", "TRUSTED_PROXIES")));
    }

    @Test
    void check_bothConfigured_bothMustHold() {
        factory.secrets = List.of("s");
        factory.addresses = List.of("10.0.0.0/8");
        ProxyTrust trust = trust(false);

        assertThatCode(() -> trust.check(secret("s"), near)).doesNotThrowAnyException();
        assertThatThrownBy(() -> trust.check(secret("s"), far)).isInstanceOf(RefusedException.class);
        assertThatThrownBy(() -> trust.check(secret("t"), near)).isInstanceOf(RefusedException.class);
        assertThat(trust.description()).contains("PROXY_SECRET and TRUSTED_PROXIES");
    }
}
