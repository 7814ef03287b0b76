package dev.tokenservice.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.telemetry.HandshakeOutcome;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class HandshakeFailureTest {

    @Test
    void reason_sameWordsOfJdk17AndOf25() {
        assertThat(HandshakeFailure.of(new SSLHandshakeException("(handshake_failure) no cipher suites in common")))
                .isEqualTo(HandshakeFailure.of(new SSLHandshakeException("no cipher suites in common")))
                .isEqualTo(new HandshakeFailure(
                        HandshakeOutcome.PROTOCOL,
                        "the client offers no cipher suite that the service has for the key of MTLS_CERTIFICATE: "
                                + "no cipher suites in common"));
    }

    @Test
    void reason_wrapped_isToldOnce() {
        SSLHandshakeException inner = new SSLHandshakeException("(internal_error) The certificate chain length (11)");
        SSLHandshakeException outer =
                new SSLHandshakeException("(internal_error) (internal_error) The certificate chain length (11)");
        outer.initCause(inner);

        assertThat(HandshakeFailure.of(outer).reason())
                .isEqualTo("the client sends too many certificates: The certificate chain length (11)");
    }
}
