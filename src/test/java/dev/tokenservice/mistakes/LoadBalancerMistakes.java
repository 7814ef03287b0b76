package dev.tokenservice.mistakes;

import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestAuthority.Identity;
import dev.tokenservice.testing.TestDoctor;
import dev.tokenservice.testing.TestDoctor.Diagnosis;
import dev.tokenservice.testing.TestFront;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestService;
import dev.tokenservice.testing.TlsClient;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Mistakes between the client and the service: what the load balancer does not ask for, pass on, or prove. */
final class LoadBalancerMistakes implements AutoCloseable {

    private static final String PROXY = "X-Token-Service-Proxy";
    private static final String SECRET = "an-open-secret";
    private static final Headers PROVEN = Headers.NONE.and(PROXY, SECRET);

    private final TestAuthority root = TestAuthority.root("Widgets Root CA");
    private final Identity client = root.client("spiffe://example.com/widget/7");
    private final Headers good = TestLoadBalancer.verified(client.certificate()).and(PROVEN);
    private final Path folder;
    private final TestFront front;
    private final TestService service;

    LoadBalancerMistakes(Path folder) {
        this.folder = folder;
        this.front = TestFront.start(root.server());
        front.isGoogles(true);
        this.service = TestService.start(variables("PROXY_SECRET", SECRET));
        TestAuthority.write(folder.resolve("front-ca.crt"), root.certificate());
        TestAuthority.write(folder.resolve("client.crt"), client.certificate());
        TestAuthority.write(folder.resolve("client.key"), client.key());
    }

    private Map<String, String> variables(String proof, String value) {
        return Map.of(proof, value, "TOKEN_ISSUER", front.url(), "TOKEN_AUDIENCE", "https://api.example.com");
    }

    Stream<Mistake> all() {
        return Stream.of(headers(), validation(), proof()).flatMap(mistakes -> mistakes);
    }

    private Stream<Mistake> headers() {
        return Stream.of(
                passedOn("Custom headers not configured", PROVEN),
                new Mistake("run.app address called directly", this::directly),
                passedOn(
                        "Header renamed on one side only",
                        good.without(TestLoadBalancer.VERIFIED).and("X-Client-Cert-Verified", "true")),
                passedOn("Header of the client id not set", good.without(TestLoadBalancer.SPIFFE)),
                passedOn("Custom header without a value", good.with(TestLoadBalancer.PRESENT, "")),
                new Mistake(
                        "Header not overwritten",
                        () -> Scene.asked(
                                service,
                                TestService.tokenRequest(
                                        good.and(TestLoadBalancer.SPIFFE, "spiffe://example.com/admin")))));
    }

    private Stream<Mistake> validation() {
        return Stream.of(
                passedOn(
                        "mTLS policy not attached",
                        TestLoadBalancer.withoutCertificate().and(PROVEN)),
                unverified("Policy without a trust config", "client_cert_validation_not_performed"),
                unverified("Intermediate CA missing in the trust config", "client_cert_validation_failed"),
                unverified("Certificate for servers only", "client_cert_chain_invalid_eku"),
                unverified("Unsupported size of the key", "client_cert_invalid_rsa_key_size"));
    }

    private Stream<Mistake> proof() {
        return Stream.of(
                passedOn("Proxy secret not sent", good.without(PROXY)),
                new Mistake("Token request without a proof", () -> {
                    try (TestService strict = TestService.startWithoutProof(Map.of("TOKEN_ISSUER", front.url()))) {
                        return passedOn(good, strict);
                    }
                }),
                passedOn("Proxy secret differs", good.with(PROXY, "another-secret")),
                new Mistake("TRUSTED_PROXIES without the load balancer", () -> {
                    try (TestService strict = TestService.start(variables("TRUSTED_PROXIES", "35.191.0.0/16"))) {
                        return passedOn(good, strict);
                    }
                }));
    }

    private Mistake unverified(String title, String error) {
        return passedOn(
                title, TestLoadBalancer.unverified(client.certificate(), error).and(PROVEN));
    }

    private Mistake passedOn(String title, Headers headers) {
        return new Mistake(title, () -> passedOn(headers, service));
    }

    /** What the load balancer writes into each request, and what the client and the doctor outside see of it. */
    private Symptoms passedOn(Headers headers, TestService asked) {
        front.forwardTo(asked.port());
        front.writes(certificate -> headers);
        int port = URI.create(front.url()).getPort();
        Symptoms symptoms = Scene.asked(
                () -> TlsClient.of(root.certificate(), Optional.of(client)).token(port, Headers.NONE));
        return new Symptoms(symptoms.answer(), symptoms.log(), Optional.of(diagnose(Map.of())));
    }

    private Symptoms directly() {
        front.forwardTo(service.port());
        front.writes(certificate -> good);
        Request request = TestService.tokenRequest(PROVEN).with("Host", "token-service-abcdefghij-ew.a.run.app");
        Symptoms symptoms = Scene.asked(service, request);
        Diagnosis diagnosis = diagnose(Map.of("run-url", "http://localhost:" + service.port()));
        return new Symptoms(symptoms.answer(), symptoms.log(), Optional.of(diagnosis));
    }

    private Diagnosis diagnose(Map<String, String> more) {
        Map<String, String> options = new HashMap<>(more);
        Map.of("cacert", "front-ca.crt", "cert", "client.crt", "key", "client.key")
                .forEach((option, file) ->
                        options.put(option, folder.resolve(file).toString()));
        return TestDoctor.ofService(front.url(), options);
    }

    @Override
    public void close() {
        service.close();
        front.close();
    }
}
