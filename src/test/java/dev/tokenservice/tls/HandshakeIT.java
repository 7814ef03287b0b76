package dev.tokenservice.tls;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Http;
import dev.tokenservice.testing.RunningJar;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestAuthority.Identity;
import dev.tokenservice.testing.TestLog;
import dev.tokenservice.testing.TestMetrics;
import dev.tokenservice.testing.TestService;
import dev.tokenservice.testing.TlsClient;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS handshakes that fail: the client sees an alert at most, the operator a line with the reason, and a count. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HandshakeIT {

    private static final String LOGGER = "dev.tokenservice.server.HandshakeLog";
    private static final String METRIC = "token_service_tls_handshakes_total";
    /** The type of the record that a ServerHello comes in (RFC 8446 section 5.1). */
    private static final int HANDSHAKE_RECORD = 22;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Of 197 characters. */
    private static final String LONG_NAME = String.join(".", "a".repeat(63), "b".repeat(63), "c".repeat(61), "example");

    /** Lines are bounded in a second: each test has one of its own. */
    private static final AtomicInteger MINUTES = new AtomicInteger();

    private final TestAuthority root = TestAuthority.root("Root CA");
    private final Identity good = root.client("spiffe://example.org/robot");
    private Map<String, String> variables = Map.of();
    private TestService service;

    @BeforeAll
    void start(@TempDir Path folder) {
        Identity server = root.server();
        variables = Map.of(
                "AUTH_FLOWS",
                "mtls-client-credentials",
                "MTLS_PORT",
                "0",
                "MTLS_CERTIFICATE",
                TestAuthority.write(folder.resolve("tls.crt"), server.certificate())
                        .toString(),
                "MTLS_PRIVATE_KEY",
                TestAuthority.write(folder.resolve("tls.key"), server.key()).toString(),
                "MTLS_TRUST_BUNDLE",
                TestAuthority.write(folder.resolve("ca.crt"), root.certificate())
                        .toString());
        service = TestService.start(variables);
    }

    @BeforeEach
    void turnMinute() {
        service.clock().ahead(Duration.ofMinutes(MINUTES.incrementAndGet()));
    }

    @AfterAll
    void stop() {
        service.close();
    }

    private TlsClient client(Identity identity) {
        return TlsClient.of(root.certificate(), Optional.of(identity));
    }

    private double count(String outcome) {
        return TestMetrics.of(service).value(METRIC, Map.of("outcome", outcome));
    }

    private static void await(BooleanSupplier condition) {
        Instant end = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean() && Instant.now().isBefore(end)) {
            LockSupport.parkNanos(10_000_000);
        }
    }

    private interface Attempt {
        void make() throws IOException;
    }

    private Map<String, String> assertFails(Attempt attempt, String outcome, String reason) {
        double before = count(outcome);
        try (TestLog log = new TestLog()) {
            try {
                attempt.make();
            } catch (IOException | RuntimeException e) {
                // What a client sees of it differs by version and timing.
            }
            await(() -> !log.of(LOGGER).isEmpty());
            List<ILoggingEvent> lines = log.of(LOGGER);
            assertThat(lines).hasSize(1);
            assertThat(lines.get(0).getThrowableProxy()).isNull();
            Map<String, String> fields = TestLog.fields(lines.get(0));
            assertThat(fields).containsEntry("outcome", outcome).containsEntry("peer", "127.0.0.1");
            assertThat(fields.get("reason")).contains(reason);
            assertThat(count(outcome)).isEqualTo(before + 1);
            return fields;
        }
    }

    private void assertCertificateFails(Identity identity, String reason) {
        for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
            turnMinute();
            assertFails(
                    () -> client(identity).speaking(protocol).token(service.tlsPort(), Headers.NONE),
                    "certificate",
                    reason);
        }
    }

    @Test
    void success_isCountedAndNotALine() {
        double before = count("ok");
        try (TestLog log = new TestLog()) {
            assertThat(client(good).token(service.tlsPort(), Headers.NONE).status())
                    .isEqualTo(200);
            await(() -> count("ok") > before);

            assertThat(count("ok")).isEqualTo(before + 1);
            assertThat(log.of(LOGGER)).isEmpty();
        }
    }

    @Test
    void halfDone_manyMoreThanAreComputedAtOnce_areAllGoneOnWithAndKeepNobodyWaiting() throws Exception {
        byte[] hello = clientHello();
        double before = count("closed");
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                Socket socket = Http.open(service.tlsPort());
                sockets.add(socket);
                socket.getOutputStream().write(hello);
            }

            for (Socket socket : sockets) {
                assertThat(socket.getInputStream().read()).isEqualTo(HANDSHAKE_RECORD);
            }
            assertThat(client(good).token(service.tlsPort(), Headers.NONE).status())
                    .isEqualTo(200);
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
        // Their lines are of this minute, and would be more than there may be in the next one.
        await(() -> count("closed") >= before + sockets.size());
    }

    private static byte[] clientHello() throws GeneralSecurityException, IOException {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        engine.setUseClientMode(true);
        ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), hello);
        return Arrays.copyOf(hello.array(), hello.position());
    }

    @Test
    void certificate_withoutSubject_isNamed() {
        assertCertificateFails(
                root.leaf("x").nameless().uri("spiffe://example.org/robot").issue(), "MUST be marked critical");
        assertCertificateFails(root.leaf("x").nameless().issue(), "SubjectAlternativeName extension is absent");
    }

    @Test
    void chain_tooLarge_isNamed() {
        assertCertificateFails(good.with(large(450), large(450), large(450), large(450)), "exceeds the maximum");
    }

    @Test
    void chain_tooLong_isAnsweredUpToTenAndNamedBeyond() throws IOException {
        assertThat(client(chainOf(10)).token(service.tlsPort(), Headers.NONE).text("error_description"))
                .isEqualTo("the chain of the client certificate is too long");
        assertCertificateFails(chainOf(11), "the client sends too many certificates");
    }

    private Identity chainOf(int certificates) {
        return good.with(
                Collections.nCopies(certificates - 1, root.certificate()).toArray(X509Certificate[]::new));
    }

    /** A certificate with so many names of 50 characters each. */
    private X509Certificate large(int names) {
        TestAuthority.Builder builder = root.leaf("large").purposes(KeyPurposeId.id_kp_clientAuth);
        for (int i = 0; i < names; i++) {
            builder.dns(String.format("h%04d.%s.example.com", i, "x".repeat(30)));
        }
        return builder.issue().certificate();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "outbound_.8443_._.token-service.default.svc.cluster.local",
                "token_service",
                "*.example.com",
                "example.com.",
                "a..example.com",
                "-a.example.com",
                "a b",
                "a\u0001\n"
            })
    void serverName_notADnsName_isNamed(String name) {
        assertFails(
                () -> client(good)
                        .asking(name.getBytes(StandardCharsets.ISO_8859_1))
                        .token(service.tlsPort(), Headers.NONE),
                "sni",
                name.length() < 5 ? "server name" : name.substring(0, 5));
    }

    @Test
    void version_notInCommon_isNamed() throws IOException {
        assertFails(() -> raw("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"), "protocol", "plaintext connection");
    }

    @Test
    void client_refusingTheServer_isNamed() {
        for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
            turnMinute();
            assertFails(
                    () -> TlsClient.of(TestAuthority.root("Other CA").certificate(), Optional.empty())
                            .speaking(protocol)
                            .token(service.tlsPort(), Headers.NONE),
                    "alert",
                    "certificate_unknown");
        }
    }

    @Test
    void key_notOfTheCertificate_isNamed() {
        Identity stolen = new Identity(root.client("spiffe://example.org/thief").key(), good.chain());
        for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
            turnMinute();
            assertFails(
                    () -> client(stolen).speaking(protocol).token(service.tlsPort(), Headers.NONE),
                    "certificate",
                    "the client does not have the private key of its certificate");
        }
    }

    @Test
    void certificate_shownInAFailedHandshake_isIdentified() throws Exception {
        Identity stolen = new Identity(root.client("spiffe://example.org/thief").key(), good.chain());
        for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
            turnMinute();
            Map<String, String> line = assertFails(
                    () -> client(stolen).speaking(protocol).token(service.tlsPort(), Headers.NONE),
                    "certificate",
                    "private key");
            byte[] der = good.certificate().getEncoded();
            assertThat(line)
                    .containsEntry(
                            "fingerprint",
                            Base64.getEncoder()
                                    .withoutPadding()
                                    .encodeToString(
                                            MessageDigest.getInstance("SHA-256").digest(der)))
                    .containsEntry(
                            "serial",
                            HexFormat.ofDelimiter(":")
                                    .formatHex(
                                            good.certificate().getSerialNumber().toByteArray()))
                    .containsEntry(
                            "subject",
                            good.certificate().getSubjectX500Principal().getName())
                    .containsEntry("issuer", "CN=Root CA")
                    .containsEntry(
                            "certificate_expires",
                            good.certificate().getNotAfter().toInstant().toString())
                    .containsEntry("verified", "false");
        }
    }

    @Test
    void client_leaving_isNamed() {
        assertFails(() -> raw("\u0016\u0003\u0001"), "closed", "");
    }

    @Test
    void client_silent_isCountedAndNotALine() throws IOException {
        double before = count("closed");
        try (TestLog log = new TestLog()) {
            raw("");
            await(() -> count("closed") > before);

            assertThat(count("closed")).isEqualTo(before + 1);
            assertThat(log.of(LOGGER)).isEmpty();
        }
    }

    /** Characters in place of a handshake, one byte each, and the end. */
    private void raw(String text) throws IOException {
        try (Socket socket = Http.open(service.tlsPort())) {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
        }
    }

    @Test
    void failures_many_areBoundedInTheLogAndCounted() throws IOException {
        double before = count("protocol");
        try (TestLog log = new TestLog()) {
            for (int i = 0; i < 100; i++) {
                raw("GET / HTTP/1.1\r\n\r\n");
            }
            await(() -> count("protocol") >= before + 100);
            turnMinute();
            raw("GET / HTTP/1.1\r\n\r\n");
            await(() -> count("protocol") >= before + 101);

            long told = log.of(LOGGER).stream()
                    .mapToLong(line -> 1 + Long.parseLong(TestLog.fields(line).get("suppressed")))
                    .sum();
            assertThat(told).isEqualTo(101);
            assertThat(count("protocol")).isEqualTo(before + 101);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void session_ofALongServerName_isResumed(String protocol) throws IOException {
        TlsClient client = client(good).speaking(protocol).asking(LONG_NAME.getBytes(StandardCharsets.US_ASCII));
        long created = 0;
        for (int i = 0; i < 3; i++) {
            try (SSLSocket socket = client.open(service.tlsPort())) {
                socket.getOutputStream()
                        .write(TestService.tokenRequest(Headers.NONE).bytes(service.tlsPort(), "close"));
                assertThat(Http.read(socket.getInputStream(), "POST").status()).isEqualTo(200);
                assertThat(i == 0 || socket.getSession().getCreationTime() <= created || protocol.equals("TLSv1.3"))
                        .isTrue();
                created = socket.getSession().getCreationTime();
            }
        }
    }

    /** In a process of its own, as the JDK looks at the limit once. */
    @Test
    void chain_ofAlmost64KiB_getsAToken(@TempDir Path folder) {
        Identity large = good.with(large(270), large(270), large(270), large(270));
        int bytes = large.chain().stream().mapToInt(HandshakeIT::size).sum();
        assertThat(bytes).isBetween(50 * 1024, 64 * 1024);

        Map<String, String> environment = new HashMap<>(variables);
        environment.put("SIGNING_ALGORITHM", "ES256");
        environment.put("TOKEN_ISSUER", "https://token-service.example.com");
        try (RunningJar jar = RunningJar.start(folder, environment, List.of())) {
            for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
                assertThat(client(large)
                                .speaking(protocol)
                                .token(jar.tlsPort(), Headers.NONE)
                                .status())
                        .isEqualTo(200);
            }
        }
    }

    private static int size(X509Certificate certificate) {
        try {
            return certificate.getEncoded().length;
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }
}
