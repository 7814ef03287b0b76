package dev.tokenservice.mistakes;

import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestAuthority.Identity;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestService;
import dev.tokenservice.testing.TlsClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/** Mistakes with certificates, keys and lists where the service terminates TLS itself. */
final class TlsMistakes implements AutoCloseable {

    private static final String CLIENT = "spiffe://example.com/widget/7";

    private final TestAuthority root = TestAuthority.root("Widgets Root CA");
    private final TestAuthority intermediate = root.intermediate("Widgets Issuing CA", 0);
    private final Identity server = root.server();
    private final Path folder;
    private final TestService service;

    TlsMistakes(Path folder) {
        this.folder = folder;
        this.service = TestService.start(variables(Map.of()));
    }

    Stream<Mistake> all() {
        return Stream.of(clients(), revocation(), files()).flatMap(mistakes -> mistakes);
    }

    private Stream<Mistake> clients() {
        return Stream.of(
                asked("No client certificate", Optional.empty(), Headers.NONE),
                asked("Intermediate CA not sent", Optional.of(intermediate.client(CLIENT)), Headers.NONE),
                asked(
                        "Client certificate without clientAuth",
                        Optional.of(root.leaf("client")
                                .uri(CLIENT)
                                .purposes(KeyPurposeId.id_kp_serverAuth)
                                .issue()),
                        Headers.NONE),
                asked(
                        "Client certificate expired",
                        Optional.of(root.leaf("client")
                                .uri(CLIENT)
                                .valid(
                                        Instant.now().minus(Duration.ofDays(2)),
                                        Instant.now().minus(Duration.ofDays(1)))
                                .issue()),
                        Headers.NONE),
                asked(
                        "Certificate with two SPIFFE IDs",
                        Optional.of(root.leaf("client")
                                .uri(CLIENT)
                                .uri("spiffe://example.com/widget/8")
                                .purposes(KeyPurposeId.id_kp_clientAuth)
                                .issue()),
                        Headers.NONE),
                asked(
                        "Certificate headers on the TLS port",
                        Optional.of(root.client(CLIENT)),
                        Headers.NONE.and(TestLoadBalancer.PRESENT, "true")),
                new Mistake("TLS port without its flow", () -> {
                    try (TestService other = TestService.start(variables(Map.of(
                            "AUTH_FLOWS", "xlb-mtls-client-credentials", "MTLS_HEADER_CLIENT_CERT_LEAF", "X-Leaf")))) {
                        return asked(other, Optional.of(root.client(CLIENT)), Headers.NONE);
                    }
                }));
    }

    private Stream<Mistake> revocation() {
        return Stream.of(
                new Mistake("Revocation list out of date", this::outOfDate),
                new Mistake("Revocation list of the issuer missing", () -> {
                    try (TestService other = TestService.start(
                            variables(Map.of("MTLS_CRL", pem("other.crl", intermediate.revoke(Duration.ofDays(1))))))) {
                        return asked(other, Optional.of(root.client(CLIENT)), Headers.NONE);
                    }
                }));
    }

    private Stream<Mistake> files() {
        return Stream.of(
                refused(
                        "Trust bundle that is not PEM",
                        () -> Map.of("MTLS_TRUST_BUNDLE", text("bundle.txt", "CN=Widgets Root CA\n"))),
                refused(
                        "Trust bundle with a client certificate",
                        () -> Map.of(
                                "MTLS_TRUST_BUNDLE",
                                pem(
                                        "leaf.crt",
                                        root.certificate(),
                                        root.client(CLIENT).certificate()))),
                refused(
                        "Trust bundle without the root",
                        () -> Map.of("MTLS_TRUST_BUNDLE", pem("intermediate.crt", intermediate.certificate()))),
                refused(
                        "Key and certificate of different pairs",
                        () -> Map.of(
                                "MTLS_PRIVATE_KEY",
                                pem("other.key", root.server().key()))),
                refused("Private key that is not PEM", () -> Map.of("MTLS_PRIVATE_KEY", text("key.txt", "secret\n"))),
                refused("Revocation list that is indented", () -> Map.of(
                        "MTLS_CRL",
                        text(
                                "indented.crl",
                                TestAuthority.pem(root.revoke(Duration.ofDays(1)))
                                        .indent(2)))),
                refused("Server certificate expired", this::expired));
    }

    private Map<String, String> expired() {
        Identity old = root.leaf("server")
                .dns("localhost")
                .valid(Instant.now().minus(Duration.ofDays(2)), Instant.now().minus(Duration.ofDays(1)))
                .issue();
        return Map.of(
                "MTLS_CERTIFICATE", pem("old.crt", old.certificate()), "MTLS_PRIVATE_KEY", pem("old.key", old.key()));
    }

    private interface Variables {
        Map<String, String> get() throws IOException;
    }

    private Mistake refused(String title, Variables others) {
        return new Mistake(title, () -> Scene.refusedStart(variables(others.get())));
    }

    private Symptoms outOfDate() {
        Map<String, String> variables =
                variables(Map.of("MTLS_CRL", pem("old.crl", root.revoke(Duration.ofSeconds(-30)))));
        try (TestService other = TestService.start(variables)) {
            Symptoms symptoms = asked(other, Optional.of(root.client(CLIENT)), Headers.NONE);
            return Scene.withDoctor(symptoms, variables, Clock.systemUTC());
        }
    }

    private Mistake asked(String title, Optional<Identity> identity, Headers headers) {
        return new Mistake(title, () -> asked(service, identity, headers));
    }

    private Symptoms asked(TestService asked, Optional<Identity> identity, Headers headers) {
        return Scene.asked(() -> TlsClient.of(root.certificate(), identity).token(asked.tlsPort(), headers));
    }

    private Map<String, String> variables(Map<String, String> others) {
        Map<String, String> variables = new HashMap<>(Map.of(
                "AUTH_FLOWS", "mtls-client-credentials",
                "MTLS_PORT", "0",
                "MTLS_CERTIFICATE", pem("tls.crt", server.certificate()),
                "MTLS_PRIVATE_KEY", pem("tls.key", server.key()),
                "MTLS_TRUST_BUNDLE", pem("ca.crt", root.certificate())));
        variables.putAll(others);
        return variables;
    }

    private String pem(String name, Object... objects) {
        return TestAuthority.write(folder.resolve(name), objects).toString();
    }

    private String text(String name, String content) {
        try {
            return Files.writeString(folder.resolve(name), content).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        service.close();
    }
}
