package dev.tokenservice.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.TestCertificates;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestService;
import dev.tokenservice.testing.TestToken;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The ID token and the answer around it, claim by claim. */
class IdTokenIT {

    private static final String ID = "spiffe://example.org/robot/1";
    private static final Set<String> CLIENT_MEMBERS = Set.of(
            "x5_spiffe",
            "x5_dnssan",
            "x5_urisan",
            "x5_sha256",
            "x5_serial",
            "x5_dnssans",
            "x5_urisans",
            "x5_subject",
            "x5_cn",
            "x5_issuer",
            "x5_email",
            "authority");

    private final TestService service = TestService.shared();
    private final TestCertificates authority = TestCertificates.authority("Test CA");

    private TestToken token(X509Certificate certificate, String... parameters) {
        return TestToken.of(service, service.token(TestLoadBalancer.verified(certificate), parameters));
    }

    @Test
    void token_verifiedCertificate_hasExactlyThePromisedClaims() throws Exception {
        X509Certificate certificate = authority
                .client()
                .uri(ID)
                .uri("https://robot.example.org/1")
                .dns("robot.example.org")
                .serial(new BigInteger("00f1a2b3", 16))
                .issue();
        Instant before = Instant.now().minusSeconds(1);

        TestToken token = token(certificate);

        byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
        String issuer = "http://localhost:" + service.port();
        assertThat(names(token.claims()))
                .containsExactlyInAnyOrder(
                        "iss", "aud", "iat", "exp", "jti", "amr", "client_id", "sub", "client", "cnf");
        assertThat(token.claims().path("iss").textValue()).isEqualTo(issuer);
        assertThat(token.claims().path("aud").textValue()).isEqualTo(issuer);
        assertThat(token.claims().path("iat").isIntegralNumber()).isTrue();
        assertThat(token.claims().path("exp").isIntegralNumber()).isTrue();
        long issuedAt = token.claims().path("iat").asLong();
        assertThat(Instant.ofEpochSecond(issuedAt)).isBetween(before, Instant.now());
        assertThat(token.claims().path("exp").asLong() - issuedAt).isEqualTo(300);
        assertThat(token.claims().path("jti").textValue()).isNotBlank();
        assertThat(token.claims().path("amr")).isEqualTo(json("[\"xlb-mtls-client-credentials\"]"));
        assertThat(token.claims().path("client_id").textValue()).isEqualTo(ID);
        assertThat(token.claims().path("sub").textValue()).isEqualTo(ID);
        assertThat(token.claims().path("client"))
                .isEqualTo(json(("{'x5_spiffe': '%s', 'x5_dnssan': 'robot.example.org',"
                                + "'x5_urisan': 'https://robot.example.org/1', 'x5_sha256': '%s',"
                                + "'x5_serial': '00:f1:a2:b3', 'x5_dnssans': ['robot.example.org'],"
                                + "'x5_urisans': ['https://robot.example.org/1'], 'x5_subject': '', 'x5_cn': '',"
                                + "'x5_issuer': '', 'x5_email': '', 'authority': 'default'}")
                        .formatted(ID, Base64.getEncoder().withoutPadding().encodeToString(digest))
                        .replace('\'', '"')));
        assertThat(token.claims().path("cnf"))
                .isEqualTo(json("{\"x5t#S256\": \"%s\"}"
                        .formatted(Base64.getUrlEncoder().withoutPadding().encodeToString(digest))));
    }

    @Test
    void token_header_saysAlgorithmKeyAndType() {
        TestToken token = token(authority.client().uri(ID).issue());

        assertThat(names(token.header())).containsExactlyInAnyOrder("alg", "kid", "typ");
        assertThat(token.header().path("alg").textValue()).isEqualTo("ES256");
        assertThat(token.header().path("typ").textValue()).isEqualTo("JWT");
        assertThat(token.header().path("kid").textValue()).isEqualTo(token.key().getKeyID());
    }

    @Test
    void token_certificateWithoutOtherNames_hasAllClientMembersEmpty() {
        Headers headers = TestLoadBalancer.verified(authority.client().uri(ID).issue())
                .without(TestLoadBalancer.HASH)
                .without(TestLoadBalancer.SERIAL);

        JsonNode claims = TestToken.of(service, service.token(headers)).claims();

        assertThat(names(claims.path("client"))).containsExactlyInAnyOrderElementsOf(CLIENT_MEMBERS);
        assertThat(claims.path("client").path("x5_dnssan").textValue()).isEmpty();
        assertThat(claims.path("client").path("x5_urisan").textValue()).isEmpty();
        assertThat(claims.path("client").path("x5_sha256").textValue()).isEmpty();
        assertThat(claims.path("client").path("x5_serial").textValue()).isEmpty();
        assertThat(claims.path("client").path("x5_dnssans")).isEqualTo(json("[]"));
        assertThat(claims.path("client").path("x5_urisans")).isEqualTo(json("[]"));
        assertThat(claims.has("cnf")).isFalse();
    }

    @Test
    void token_severalSans_hasTheFirstAndAll() {
        JsonNode client = token(authority
                        .client()
                        .uri(ID)
                        .uri("urn:b")
                        .uri("urn:a")
                        .dns("z.example.org")
                        .dns("a.example.org")
                        .issue())
                .claims()
                .path("client");

        assertThat(client.path("x5_dnssan").textValue()).isEqualTo("z.example.org");
        assertThat(client.path("x5_dnssans")).isEqualTo(json("[\"z.example.org\", \"a.example.org\"]"));
        assertThat(client.path("x5_urisan").textValue()).isEqualTo("urn:b");
        assertThat(client.path("x5_urisans")).isEqualTo(json("[\"urn:b\", \"urn:a\"]"));
    }

    @Test
    void token_certificateThatEndsSoon_endsWithIt() {
        X509Certificate certificate =
                authority.client().uri(ID).validFor(Duration.ofSeconds(100)).issue();

        Response answer = service.token(TestLoadBalancer.verified(certificate));

        JsonNode claims = TestToken.of(service, answer).claims();
        assertThat(claims.path("exp").asLong())
                .isEqualTo(certificate.getNotAfter().toInstant().getEpochSecond());
        assertThat(answer.json().path("expires_in").asLong())
                .isEqualTo(claims.path("exp").asLong() - claims.path("iat").asLong());
    }

    @Test
    void token_repeatedly_neverHasTheSameId() {
        X509Certificate certificate = authority.client().uri(ID).issue();
        Set<String> ids = new HashSet<>();

        for (int i = 0; i < 20; i++) {
            ids.add(token(certificate).claim("jti"));
        }

        assertThat(ids).hasSize(20);
    }

    @Test
    void answer_oauth_hasTheMembersThatStandardClientsNeed() {
        Response answer = service.token(
                TestLoadBalancer.verified(authority.client().uri(ID).issue()));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(names(answer.json()))
                .containsExactlyInAnyOrder("id_token", "access_token", "issued_token_type", "token_type", "expires_in");
        assertThat(answer.text("access_token")).isEqualTo(answer.text("id_token"));
        assertThat(answer.text("issued_token_type")).isEqualTo("urn:ietf:params:oauth:token-type:id_token");
        assertThat(answer.text("token_type")).isEqualTo("Bearer");
        assertThat(answer.json().path("expires_in").isIntegralNumber()).isTrue();
        assertThat(answer.text("expires_in")).isEqualTo("300");
        assertThat(answer.header("content-type")).isEqualTo("application/json");
        assertThat(answer.header("cache-control")).isEqualTo("no-store");
        assertThat(answer.header("pragma")).isEqualTo("no-cache");
    }

    @Test
    void answer_externalCredential_hasTheMembersOfTheFormat() {
        Response answer = service.token(
                TestLoadBalancer.verified(authority.client().uri(ID).issue()),
                "format",
                "external_credential",
                "scope",
                "ignored here");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(names(answer.json()))
                .containsExactlyInAnyOrder("version", "success", "token_type", "id_token", "expiration_time");
        assertThat(answer.json().path("version")).isEqualTo(json("1"));
        assertThat(answer.json().path("success").booleanValue()).isTrue();
        assertThat(answer.text("token_type")).isEqualTo("urn:ietf:params:oauth:token-type:id_token");
        assertThat(answer.json().path("expiration_time").isIntegralNumber()).isTrue();
        assertThat(answer.json().path("expiration_time").asLong())
                .isEqualTo(TestToken.of(service, answer).claims().path("exp").asLong());
        assertThat(answer.header("cache-control")).isEqualTo("no-store");
        assertThat(answer.header("pragma")).isEqualTo("no-cache");
    }

    @Test
    void answer_rs256_isSignedWithAnRsaKey() {
        try (TestService rsa = TestService.start(Map.of("SIGNING_ALGORITHM", "RS256"))) {
            Headers headers =
                    TestLoadBalancer.verified(authority.client().uri(ID).issue());

            TestToken token = TestToken.of(rsa, rsa.token(headers));

            assertThat(token.header().path("alg").textValue()).isEqualTo("RS256");
            assertThat(token.key().getKeyType().getValue()).isEqualTo("RSA");
        }
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new HashSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static JsonNode json(String text) {
        return new Response(200, Map.of(), text).json();
    }
}
