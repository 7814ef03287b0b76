package dev.tokenservice.mistakes;

import dev.tokenservice.testing.Command;
import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Http;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestAuthority.Identity;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestService;
import dev.tokenservice.testing.TlsClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.NameConstraints;

/** Mistakes with certificates, keys and lists where the service terminates TLS itself. */
final class TlsMistakes implements AutoCloseable {

    /** Of a client that speaks TLS 1.1 at most, with one cipher suite (RFC 4346 section 7.4.1.2). */
    private static final String OLD_CLIENT_HELLO = "\u0016\u0003\u0001\u0000-\u0001\u0000\u0000)\u0003\u0002"
            + "x".repeat(32) + "\u0000\u0000\u0002\u0000/\u0001\u0000";

    /** Of a handshake message that does not follow (RFC 8446 section 5.1). */
    private static final byte[] RECORD_HEADER = {22, 3, 1, 1, 0};

    private static final String CLIENT = "spiffe://example.com/widget/7";

    private final TestAuthority root = TestAuthority.root("Widgets Root CA");
    private final TestAuthority intermediate = root.intermediate("Widgets Issuing CA", 0);
    private final TestAuthority narrow = root.intermediate(
            "Narrow Issuing CA",
            content -> content.extension(
                    Extension.nameConstraints,
                    true,
                    new NameConstraints(
                            new GeneralSubtree[] {
                                new GeneralSubtree(
                                        new GeneralName(GeneralName.uniformResourceIdentifier, "example.org"))
                            },
                            null)));
    private final Identity server = root.server();
    private final Path folder;
    private final TestService service;
    private int handshakes;

    TlsMistakes(Path folder) {
        this.folder = folder;
        this.service = TestService.start(variables(Map.of()));
    }

    Stream<Mistake> all() {
        return Stream.of(clients(), handshakes(), revocation(), files()).flatMap(mistakes -> mistakes);
    }

    private Stream<Mistake> clients() {
        return Stream.of(
                asked("No client certificate", Optional.empty(), Headers.NONE),
                asked(
                        "Certificate outside the name constraints of its CA",
                        Optional.of(narrow.client(CLIENT).with(narrow.certificate())),
                        Headers.NONE),
                asked(
                        "Client certificate with an unknown critical extension",
                        Optional.of(root.leaf("client")
                                .uri(CLIENT)
                                .extension(Extension.cRLDistributionPoints, true, new DERSequence())
                                .issue()),
                        Headers.NONE),
                asked(
                        "Certificate of a CA as client certificate",
                        Optional.of(root.leaf("client").uri(CLIENT).authority(0).issue()),
                        Headers.NONE),
                asked("Intermediate CA not sent", Optional.of(intermediate.client(CLIENT)), Headers.NONE),
                asked(
                        "Chain of more than 8 certificates",
                        Optional.of(root.client(CLIENT)
                                .with(Collections.nCopies(8, root.certificate()).toArray(X509Certificate[]::new))),
                        Headers.NONE),
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

    private Stream<Mistake> handshakes() {
        Identity good = root.client(CLIENT);
        return Stream.of(
                asking("Underscore in the server name", "outbound_.8443_._.token-service.default.svc.cluster.local"),
                asking("Wildcard as the server name", "*.example.com"),
                asking("Server name with a trailing dot", "token-service.example.com."),
                failing(
                        "Certificate without a subject",
                        root.leaf("x").nameless().uri(CLIENT).issue()),
                failing(
                        "Certificate without any name",
                        root.leaf("x").nameless().issue()),
                failing(
                        "Key of another certificate",
                        new Identity(root.client(CLIENT).key(), good.chain())),
                failing("Chain larger than 64 KiB", good.with(large(), large(), large(), large())),
                new Mistake("No TLS version in common", () -> handshake(() -> raw(OLD_CLIENT_HELLO))),
                openssl("No cipher suite in common", "-tls1_2", "-cipher", "AES128-SHA"),
                openssl("Client for RSA keys only", "-tls1_3", "-sigalgs", "rsa_pss_rsae_sha256"),
                new Mistake(
                        "Plain HTTP to the TLS port",
                        () -> handshake(() -> run(
                                "curl", "--silent", "--show-error", "http://localhost:" + service.tlsPort() + "/"))),
                new Mistake("Client that closes the connection in the handshake", () -> handshake(this::leave)),
                new Mistake("Handshake not finished in 10 seconds", () -> handshake(this::halt)),
                new Mistake(
                        "Server certificate that the client does not trust",
                        () -> handshake(() -> TlsClient.of(
                                        TestAuthority.root("Another CA").certificate(), Optional.empty())
                                .open(service.tlsPort())
                                .close())));
    }

    private Mistake asking(String title, String serverName) {
        TlsClient client = TlsClient.of(root.certificate(), Optional.empty())
                .asking(serverName.getBytes(StandardCharsets.US_ASCII));
        return new Mistake(
                title, () -> handshake(() -> client.open(service.tlsPort()).close()));
    }

    /** With TLS 1.3 the client takes the handshake for done before the server has seen its certificate. */
    private Mistake failing(String title, Identity identity) {
        TlsClient client =
                TlsClient.of(root.certificate(), Optional.of(identity)).speaking("TLSv1.2");
        return new Mistake(
                title, () -> handshake(() -> client.open(service.tlsPort()).close()));
    }

    private Mistake openssl(String title, String... options) {
        List<String> command =
                new ArrayList<>(List.of("openssl", "s_client", "-connect", "localhost:" + service.tlsPort()));
        command.addAll(List.of(options));
        return new Mistake(title, () -> handshake(() -> run(command.toArray(String[]::new))));
    }

    /** A second after the handshake before, as of more than ten in a second not each has its line. */
    private Symptoms handshake(Scene.Handshake made) {
        handshakes++;
        service.clock().ahead(Duration.ofSeconds(handshakes));
        return Scene.handshake(made);
    }

    private void run(String... command) throws IOException {
        Command ended = Command.run(folder, Map.of(), List.of(command));
        throw new IOException(ended.complaint());
    }

    private void leave() throws IOException {
        try (Socket socket = Http.open(service.tlsPort())) {
            socket.getOutputStream().write(RECORD_HEADER);
        }
        throw new IOException("the client closes the connection");
    }

    /** Begins a message, and waits until the server closes the connection. */
    private void halt() throws IOException {
        try (Socket socket = Http.open(service.tlsPort())) {
            socket.getOutputStream().write(RECORD_HEADER);
            socket.setSoTimeout(100);
            for (int i = 0; i < 100; i++) {
                service.ticker().advance(Duration.ofSeconds(11));
                try {
                    socket.getInputStream().readAllBytes();
                    throw new IOException("the server closes the connection");
                } catch (SocketTimeoutException e) {
                    // The server looks at its connections once a second.
                }
            }
        }
    }

    private X509Certificate large() {
        TestAuthority.Builder builder = root.leaf("large");
        for (int i = 0; i < 450; i++) {
            builder.dns(String.format("h%03d.%s.example.com", i, "x".repeat(30)));
        }
        return builder.issue().certificate();
    }

    /** One byte a character; the answer is an alert. */
    private void raw(String text) throws IOException {
        try (Socket socket = Http.open(service.tlsPort())) {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            socket.getInputStream().readAllBytes();
            throw new IOException("the server closes the connection");
        }
    }

    private Stream<Mistake> revocation() {
        return Stream.of(
                new Mistake("Expired revocation list", this::outOfDate),
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
                refused(
                        "Indented revocation list",
                        () -> Map.of(
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
