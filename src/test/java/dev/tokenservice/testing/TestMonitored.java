package dev.tokenservice.testing;

import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/** A service that has everything which can be watched: TLS, authorities of both kinds, revocation lists, a key in a file. */
public final class TestMonitored {

    /** How far ahead the lists' next issue is. */
    public static final Duration REVOCATION_LIST_LASTS = Duration.ofDays(1);

    private TestMonitored() {}

    /** Starts it, with its files in this folder, and has it answer a request of each outcome. */
    public static TestService start(Path folder) throws NoSuchAlgorithmException {
        TestAuthority root = TestAuthority.root("Root CA");
        TestAuthority intermediate = root.intermediate("Intermediate CA", 0, KeyPurposeId.id_kp_clientAuth);
        TestAuthority.Identity server = root.server();
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair key = generator.generateKeyPair();
        Path keys = folder.resolve("keys");
        if (!keys.toFile().mkdir()) {
            throw new IllegalStateException(keys + " cannot be made");
        }
        TestAuthority.write(keys.resolve("1.pem"), key.getPrivate());
        TestService service = TestService.start(Map.of(
                "AUTH_FLOWS", "xlb-mtls-client-credentials,mtls-client-credentials",
                "MTLS_PORT", "0",
                "MTLS_CERTIFICATE", write(folder, "tls.crt", server.certificate()),
                "MTLS_PRIVATE_KEY", write(folder, "tls.key", server.key()),
                "MTLS_TRUST_BUNDLE", write(folder, "ca.crt", root.certificate(), intermediate.certificate()),
                "MTLS_CRL", write(folder, "ca.crl", root.revoke(REVOCATION_LIST_LASTS)),
                "MTLS_HEADER_CLIENT_CERT_LEAF", "X-Client-Cert-Leaf",
                "SIGNING_ALGORITHM", "RS256",
                "SIGNING_KEYS", keys.toString()));
        service.token(Headers.NONE);
        service.token(TestLoadBalancer.verified(TestCertificates.authority("Test CA")
                .client()
                .uri("spiffe://example.org/robot")
                .issue()));
        service.send(Request.get("/nothing/here"));
        service.send(Request.get("/.well-known/jwks.json"));
        awaitCounted(service);
        return service;
    }

    /** An answer is counted once it is out, which a client may see before. */
    private static void awaitCounted(TestService service) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!TestMetrics.of(service)
                .values("token_service_http_request_duration_seconds_count", "endpoint")
                .containsAll(List.of("/token", "/.well-known/jwks.json", "other"))) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("the answers are not counted");
            }
            Thread.onSpinWait();
        }
    }

    private static String write(Path folder, String name, Object... objects) {
        return TestAuthority.write(folder.resolve(name), objects).toString();
    }
}
