package dev.tokenservice.mistakes;

import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.TestCertificates;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestService;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.stream.Stream;

/** Mistakes between the client and the service: what the load balancer does not ask for, pass on, or prove. */
final class LoadBalancerMistakes implements AutoCloseable {

    private static final String PROXY = "X-Token-Service-Proxy";
    private static final String SECRET = "an-open-secret";
    private static final Map<String, String> VARIABLES =
            Map.of("PROXY_SECRET", SECRET, "TOKEN_AUDIENCE", "https://api.example.com");

    private final TestCertificates authority = TestCertificates.authority("Widgets CA");
    private final X509Certificate certificate =
            authority.client().uri("spiffe://example.com/widget/7").issue();
    private final Headers good = TestLoadBalancer.verified(certificate).and(PROXY, SECRET);
    private final TestService service = TestService.start(VARIABLES);

    Stream<Mistake> all() {
        return Stream.of(headers(), validation(), proof()).flatMap(mistakes -> mistakes);
    }

    private Stream<Mistake> headers() {
        return Stream.of(
                asked("Custom headers not configured", Headers.NONE.and(PROXY, SECRET)),
                new Mistake(
                        "run.app address called directly",
                        () -> Scene.asked(
                                service,
                                TestService.tokenRequest(Headers.NONE.and(PROXY, SECRET))
                                        .with("Host", "token-service-abcdefghij-ew.a.run.app"))),
                asked(
                        "Header renamed on one side only",
                        good.without(TestLoadBalancer.VERIFIED).and("X-Client-Cert-Verified", "true")),
                asked("Header of the client id not set", good.without(TestLoadBalancer.SPIFFE)),
                asked("Header not overwritten", good.and(TestLoadBalancer.SPIFFE, "spiffe://example.com/admin")),
                asked("Custom header without a value", good.with(TestLoadBalancer.PRESENT, "")));
    }

    private Stream<Mistake> validation() {
        return Stream.of(
                asked(
                        "mTLS policy not attached",
                        TestLoadBalancer.withoutCertificate().and(PROXY, SECRET)),
                unverified("Policy without a trust config", "client_cert_validation_not_performed"),
                unverified("Intermediate CA missing in the trust config", "client_cert_validation_failed"),
                unverified("Certificate for servers only", "client_cert_chain_invalid_eku"),
                unverified("Key of a size that is not accepted", "client_cert_invalid_rsa_key_size"));
    }

    private Stream<Mistake> proof() {
        return Stream.of(
                asked("Proxy secret not sent", good.without(PROXY)),
                asked("Proxy secret differs", good.with(PROXY, "another-secret")),
                new Mistake("TRUSTED_PROXIES without the load balancer", () -> {
                    try (TestService strict = TestService.start(
                            Map.of("TRUSTED_PROXIES", "35.191.0.0/16", "TOKEN_AUDIENCE", "https://api.example.com"))) {
                        return Scene.asked(strict, TestService.tokenRequest(good));
                    }
                }));
    }

    private Mistake unverified(String title, String error) {
        return asked(title, TestLoadBalancer.unverified(certificate, error).and(PROXY, SECRET));
    }

    private Mistake asked(String title, Headers headers) {
        return new Mistake(title, () -> Scene.asked(service, TestService.tokenRequest(headers)));
    }

    @Override
    public void close() {
        service.close();
    }
}
