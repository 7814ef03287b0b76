package dev.tokenservice.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestCertificates;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestService;
import dev.tokenservice.testing.TestToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.bouncycastle.util.io.pem.PemObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys from a folder: in every form, named by their thumbprint, without metadata. */
class SigningKeysIT {

    private static final Headers GOOD = TestLoadBalancer.verified(TestCertificates.authority("Test CA")
            .client()
            .uri("spiffe://example.org/robot")
            .issue());
    private static final RSAKey RSA = rsa(2048);
    private static final ECKey EC = ec(Curve.P_256);

    @TempDir
    Path folder;

    private TestService start(String algorithm) {
        return TestService.start(Map.of("SIGNING_KEYS", folder.toString(), "SIGNING_ALGORITHM", algorithm));
    }

    @Test
    void folder_pemAndJwk_arePublishedAndTheOneOfTheAlgorithmSigns() throws Exception {
        writePem("1-rsa.pem", RSA.toPrivateKey());
        Files.writeString(folder.resolve("2-ec.jwk"), EC.toJSONString());
        Files.writeString(folder.resolve(".hidden"), "not a key");
        Files.createDirectory(folder.resolve("..data"));

        for (String algorithm : List.of("RS256", "ES256")) {
            JWK expected = algorithm.equals("RS256") ? RSA : EC;
            try (TestService service = start(algorithm)) {
                TestToken token = TestToken.of(service, service.token(GOOD));

                assertThat(token.header().path("alg").textValue()).isEqualTo(algorithm);
                assertThat(token.header().path("kid").textValue()).isEqualTo(thumbprint(expected));
                assertThat(kids(service)).containsExactlyInAnyOrder(thumbprint(RSA), thumbprint(EC));
                assertThat(service.send(Request.get("/.well-known/openid-configuration"))
                                .json()
                                .path("id_token_signing_alg_values_supported")
                                .toString())
                        .isEqualTo(algorithm.equals("RS256") ? "[\"RS256\",\"ES256\"]" : "[\"ES256\",\"RS256\"]");
            }
        }
    }

    @Test
    void jwks_ofBothKinds_holdsPublicMembersOnly() throws Exception {
        Files.writeString(folder.resolve("1"), RSA.toJSONString());
        writePem("2", EC.toPrivateKey());

        try (TestService service = start("ES256")) {
            Response answer = service.send(Request.get("/.well-known/jwks.json"));

            assertThat(answer.header("content-type")).isEqualTo("application/json");
            assertThat(answer.header("cache-control")).isEqualTo("public, max-age=300");
            for (JsonNode key : answer.json().path("keys")) {
                boolean rsa = key.path("kty").asText().equals("RSA");
                assertThat(key.properties().stream().map(Map.Entry::getKey))
                        .containsExactlyInAnyOrderElementsOf(
                                rsa
                                        ? List.of("kty", "n", "e", "kid", "alg", "use")
                                        : List.of("kty", "crv", "x", "y", "kid", "alg", "use"));
                assertThat(key.path("alg").textValue()).isEqualTo(rsa ? "RS256" : "ES256");
                assertThat(key.path("use").textValue()).isEqualTo("sig");
            }
            assertThat(answer.json().path("keys")).hasSize(2);
        }
    }

    /** As with version 0.1.0, by restarts and names of files. */
    @Test
    void rotation_byNamesOfFiles_publishesEachKeyBeforeItSignsAndAfterwards() throws Exception {
        ECKey next = ec(Curve.P_256);
        List<String> both = List.of(thumbprint(EC), thumbprint(next));
        writePem("2026-06.pem", EC.toPrivateKey());
        String before;
        try (TestService service = start("ES256")) {
            Response answer = service.token(GOOD);
            before = answer.text("id_token");
            assertThat(TestToken.of(service, answer).header().path("kid").textValue())
                    .isEqualTo(thumbprint(EC));
        }

        writePem("0-next.pem", next.toPrivateKey());
        try (TestService service = start("ES256")) {
            assertThat(signs(service)).isEqualTo(thumbprint(EC));
            assertThat(kids(service)).containsExactlyInAnyOrderElementsOf(both);
        }

        Files.move(folder.resolve("0-next.pem"), folder.resolve("2026-12.pem"));
        try (TestService service = start("ES256")) {
            assertThat(signs(service)).isEqualTo(thumbprint(next));
            assertThat(kids(service)).containsExactlyInAnyOrderElementsOf(both);
            assertThat(TestToken.of(TestToken.keys(service), before).key().getKeyID())
                    .isEqualTo(thumbprint(EC));
        }

        Files.delete(folder.resolve("2026-06.pem"));
        try (TestService service = start("ES256")) {
            assertThat(signs(service)).isEqualTo(thumbprint(next));
            assertThat(kids(service)).containsExactly(thumbprint(next));
        }
    }

    private static String signs(TestService service) {
        return TestToken.of(service, service.token(GOOD)).header().path("kid").textValue();
    }

    @Test
    void start_keysThatCannotBeUsed_isRefusedWithTheFileAndTheReason() throws Exception {
        assertRefused("RS256", "holds no key for RS256", () -> writePem("a.pem", EC.toPrivateKey()));
        assertRefused("ES256", "neither one PEM block", () -> Files.writeString(folder.resolve("a.pem"), "nonsense"));
        assertRefused(
                "ES256", "well-formed JSON Web Key", () -> Files.writeString(folder.resolve("a.jwk"), "{\"kty\":1}"));
        assertRefused(
                "ES256",
                "without the private part",
                () -> Files.writeString(
                        folder.resolve("a.jwk"), EC.toPublicJWK().toJSONString()));
        assertRefused("RS256", "1024 bits", () -> writePem("a.pem", rsa(1024).toPrivateKey()));
        assertRefused("ES256", "P-256", () -> writePem("a.pem", ec(Curve.P_384).toPrivateKey()));
        assertRefused("ES256", "larger than any key", () -> Files.writeString(folder.resolve("a"), " ".repeat(70_000)));
        assertRefused("ES256", "same key as another file", () -> {
            writePem("a.pem", EC.toPrivateKey());
            Files.writeString(folder.resolve("b.jwk"), EC.toJSONString());
        });
        assertRefused(
                "ES256",
                "is encrypted",
                () -> Files.writeString(
                        folder.resolve("a.pem"),
                        TestAuthority.pem(new PemObject("ENCRYPTED PRIVATE KEY", new byte[3]))));
        assertRefused(
                "ES256",
                "malformed base64",
                () -> Files.writeString(
                        folder.resolve("a.pem"),
                        TestAuthority.pem(new PemObject("PRIVATE KEY", new byte[3]))
                                .replace("AAAA", "A=A=")));
        assertRefused("ES256", "leads to none", () -> {
            writePem("2026-01.pem", EC.toPrivateKey());
            Files.createSymbolicLink(folder.resolve("2026-02.pem"), Path.of("gone"));
        });
        assertRefused("ES256", "is empty: make keys with", () -> {});
        assertRefused("ES256", "says RS256, and the key beside it is for ES256", () -> {
            writePem("1.pem", EC.toPrivateKey());
            Files.writeString(
                    folder.resolve("1.json"), "{\"algorithm\":\"RS256\",\"created\":\"2026-01-01T00:00:00Z\"}");
        });
        assertRefused("ES256", "SIGNING_KEYS", () -> Files.delete(folder));
    }

    private interface Preparation {
        void run() throws Exception;
    }

    private void assertRefused(String algorithm, String reason, Preparation preparation) throws Exception {
        preparation.run();
        assertThatThrownBy(() -> start(algorithm))
                .cause()
                .message()
                .satisfies(said -> assertThat(said.lines().filter(line -> line.startsWith("  * ")))
                        .singleElement()
                        .asString()
                        .contains("(SIGNING_KEYS): '" + folder)
                        .contains(reason));
        if (Files.exists(folder)) {
            try (var files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private void writePem(String name, PrivateKey key) throws IOException {
        Files.writeString(folder.resolve(name), TestAuthority.pem(key));
    }

    private static List<String> kids(TestService service) {
        List<String> kids = new ArrayList<>();
        service.send(Request.get("/.well-known/jwks.json"))
                .json()
                .path("keys")
                .forEach(key -> kids.add(key.path("kid").textValue()));
        return kids;
    }

    /** RFC 7638 section 3: the required members in lexicographic order, without white space. */
    private static String thumbprint(JWK key) throws GeneralSecurityException {
        Map<String, Object> members = key.toJSONObject();
        String canonical = key instanceof RSAKey
                ? "{\"e\":\"%s\",\"kty\":\"RSA\",\"n\":\"%s\"}".formatted(members.get("e"), members.get("n"))
                : "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"%s\",\"y\":\"%s\"}"
                        .formatted(members.get("x"), members.get("y"));
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(StandardCharsets.US_ASCII));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    }

    private static RSAKey rsa(int bits) {
        try {
            return new RSAKeyGenerator(bits, true).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ECKey ec(Curve curve) {
        try {
            return new ECKeyGenerator(curve).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
