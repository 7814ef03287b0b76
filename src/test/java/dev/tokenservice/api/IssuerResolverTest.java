package dev.tokenservice.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.net.InetAddresses;
import dev.tokenservice.authentication.Connection;
import dev.tokenservice.oauth.Issuer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the whole application cannot show on one machine: requests of others, and requests over TLS. */
class IssuerResolverTest {

    private static Issuer issuer(String host, String peer, boolean tls) {
        return IssuerResolver.fromAuthority(
                List.of(host), new Connection(InetAddresses.forString(peer), tls, List.of()));
    }

    @Test
    void resolve_loopbackHostOfAnotherMachine_isHttpsAndNoAudience() {
        for (String peer : List.of("192.0.2.1", "10.0.0.1", "2001:db8::1", "0.0.0.0")) {
            Issuer issuer = issuer("localhost:8080", peer, false);

            assertThat(issuer.url()).isEqualTo("https://localhost:8080");
            assertThat(issuer.loopbackUrl()).isEmpty();
        }
    }

    @Test
    void resolve_bothEndsThisMachine_keepsTheScheme() {
        for (String peer : List.of("127.0.0.1", "::1", "0:0:0:0:0:0:0:1")) {
            assertThat(issuer("localhost:8080", peer, false).loopbackUrl()).contains("http://localhost:8080");
            assertThat(issuer("localhost:8443", peer, true).loopbackUrl()).contains("https://localhost:8443");
        }
    }

    @Test
    void resolve_otherHostOnThisMachine_isNoAudience() {
        assertThat(issuer("token-service.example.com", "127.0.0.1", false).loopbackUrl())
                .isEmpty();
    }
}
