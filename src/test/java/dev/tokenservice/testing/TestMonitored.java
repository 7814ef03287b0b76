package dev.tokenservice.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/** A service that has everything which can be watched: TLS, authorities of both kinds, revocation lists, a key in a file. */
public final class TestMonitored {

    /** How far ahead the lists' next issue is. */
    public static final Duration REVOCATION_LIST_LASTS = Duration.ofDays(1);

    /** What the metadata of the signing key says. */
    public static final Instant KEY_CREATED = Instant.parse("2026-01-01T00:00:00Z");

    private TestMonitored() {}

    /** Starts it, with its files in this folder, and has it answer a request of each outcome. */
    public static TestService start(Path folder) {
        TestAuthority root = TestAuthority.root("Root CA");
        TestAuthority intermediate = root.intermediate("Intermediate CA", 0, KeyPurposeId.id_kp_clientAuth);
        TestAuthority.Identity server = root.server();
        Path keys = folder.resolve("keys");
        if (!keys.toFile().mkdir()) {
            throw new IllegalStateException(keys + " cannot be made");
        }
        TestAuthority.write(keys.resolve("1.pem"), TestKeys.ofJdkRsa());
        try {
            Files.writeString(
                    keys.resolve("1.json"),
                    "{\"algorithm\":\"RS256\",\"created\":\"" + KEY_CREATED + "\",\"activates\":\"" + KEY_CREATED
                            + "\"," + "\"retires\":\"2199-01-01T00:00:00Z\"}");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> variables = new HashMap<>(Map.of(
                "AUTH_FLOWS", "xlb-mtls-client-credentials,mtls-client-credentials",
                "MTLS_PORT", "0",
                "MTLS_CERTIFICATE", write(folder, "tls.crt", server.certificate()),
                "MTLS_PRIVATE_KEY", write(folder, "tls.key", server.key()),
                "MTLS_HEADER_CLIENT_CERT_LEAF", "X-Client-Cert-Leaf",
                "SIGNING_ALGORITHM", "RS256",
                "SIGNING_KEYS", keys.toString()));
        write(folder, "ca.crt", root.certificate(), intermediate.certificate());
        write(folder, "ca.crl", root.revoke(REVOCATION_LIST_LASTS));
        TestService service = start(folder, variables, intermediate);
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

    /** Starts it while the server of revocation lists is there. */
    private static TestService start(Path folder, Map<String, String> variables, TestAuthority intermediate) {
        try (TestListServer lists = TestListServer.start()) {
            lists.publish("/intermediate.crl", intermediate.revoke(REVOCATION_LIST_LASTS));
            variables.put("TOKEN_AUDIENCE", "https://relying-party.example");
            variables.put(
                    "POLICY", policy(folder, lists.url("/intermediate.crl")).toString());
            return TestService.start(variables);
        }
    }

    private static Path policy(Path folder, String url) {
        try {
            return Files.writeString(folder.resolve("policy.yml"), """
                    version: 1
                    authorities: {factory: {trustBundle: ca.crt, revocationLists: [ca.crl], crl: {fetch: ["%s"]}}}
                    relyingParties: {default: {audience: "https://relying-party.example"}}
                    rules:
                      - {name: everyone, allow: {relyingParties: [default], rateLimit: {tokens: 60, per: 1m}}}
                    """.formatted(url));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String write(Path folder, String name, Object... objects) {
        return TestAuthority.write(folder.resolve(name), objects).toString();
    }
}
