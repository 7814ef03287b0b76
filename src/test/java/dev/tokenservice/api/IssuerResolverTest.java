package dev.tokenservice.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.net.InetAddresses;
import dev.tokenservice.authentication.Connection;
import dev.tokenservice.oauth.Issuer;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the whole application cannot show on one machine: requests of others, and requests over TLS. */
class IssuerResolverTest {

    private final IssuerResolver resolver = new IssuerResolver(Optional.empty());

    private static HttpServletRequest request(String host, String peer, boolean tls) {
        return (HttpServletRequest) Proxy.newProxyInstance(
                IssuerResolverTest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getHeaders" -> Collections.enumeration(List.of(host));
                    case "getAttribute" -> new Connection(InetAddresses.forString(peer), tls, List.of());
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    @Test
    void resolve_loopbackHostOfAnotherMachine_isHttpsAndNoAudience() {
        for (String peer : List.of("192.0.2.1", "10.0.0.1", "2001:db8::1", "0.0.0.0")) {
            Issuer issuer = resolver.resolve(request("localhost:8080", peer, false));

            assertThat(issuer.url()).isEqualTo("https://localhost:8080");
            assertThat(issuer.loopbackUrl()).isEmpty();
        }
    }

    @Test
    void resolve_bothEndsThisMachine_keepsTheScheme() {
        for (String peer : List.of("127.0.0.1", "::1", "0:0:0:0:0:0:0:1")) {
            assertThat(resolver.resolve(request("localhost:8080", peer, false)).loopbackUrl())
                    .contains("http://localhost:8080");
            assertThat(resolver.resolve(request("localhost:8443", peer, true)).loopbackUrl())
                    .contains("https://localhost:8443");
        }
    }

    @Test
    void resolve_otherHostOnThisMachine_isNoAudience() {
        assertThat(resolver.resolve(request("token-service.example.com", "127.0.0.1", false))
                        .loopbackUrl())
                .isEmpty();
    }
}
