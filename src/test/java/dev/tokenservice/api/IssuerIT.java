package dev.tokenservice.api;

import static dev.tokenservice.testing.Answers.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.TestCertificates;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestService;
import dev.tokenservice.testing.TestToken;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who issues a token, for whom, and that metadata and tokens agree on it to the letter. */
class IssuerIT {

    private static final List<String> DOCUMENTS =
            List.of("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server");
    private static final String API = "https://api.example.com";
    private static final String PROVIDER = "https://iam.googleapis.com/projects/123456789012/locations/global"
            + "/workloadIdentityPools/test-pool/providers/token-service";
    private static final Headers GOOD = TestLoadBalancer.verified(TestCertificates.authority("Test CA")
            .client()
            .uri("spiffe://example.org/robot")
            .issue());

    /** Of no configured issuer. */
    private static final TestService DERIVING =
            TestService.start(Map.of("TOKEN_AUDIENCE", "urn:default", "TOKEN_AUDIENCES", API + ",urn:other"));

    @AfterAll
    static void stop() {
        DERIVING.close();
    }

    @ParameterizedTest
    @CsvSource({
        "token-service.example.com, https://token-service.example.com",
        "Token-Service.EXAMPLE.com, https://token-service.example.com",
        "token-service.example.com:443, https://token-service.example.com",
        "token-service.example.com:8443, https://token-service.example.com:8443",
        "token-service.example.com:80, https://token-service.example.com:80",
        "192.0.2.1, https://192.0.2.1",
        "192.0.2.1:65535, https://192.0.2.1:65535",
        "[2001:DB8::A]:8443, https://[2001:db8::a]:8443",
        "[2001:db8::a]:443, https://[2001:db8::a]",
        "localhost, http://localhost",
        "LOCALHOST:8080, http://localhost:8080",
        "127.0.0.1:8080, http://127.0.0.1:8080",
        "127.9.9.9, http://127.9.9.9",
        "[::1]:8080, http://[::1]:8080",
        "localhost.example.com, https://localhost.example.com"
    })
    void issuer_notConfigured_isTheAuthorityOfThisVeryRequest(String host, String expected) {
        for (String document : DOCUMENTS) {
            JsonNode metadata = metadata(DERIVING, document, host);
            assertThat(metadata.path("issuer").textValue()).isEqualTo(expected);
            assertThat(metadata.path("token_endpoint").textValue()).isEqualTo(expected + "/token");
            assertThat(metadata.path("authorization_endpoint").textValue()).isEqualTo(expected + "/token");
            assertThat(metadata.path("jwks_uri").textValue()).isEqualTo(expected + "/.well-known/jwks.json");
        }
        Request request = TestService.tokenRequest(GOOD, "audience", API).header("Host", host);
        assertThat(TestToken.of(DERIVING, DERIVING.send(request)).claim("iss")).isEqualTo(expected);
    }

    @Test
    void metadata_tokenEndpointOnAnotherName_isListedAsItsAlias() {
        try (TestService service = TestService.start(Map.of(
                "TOKEN_ISSUER", "https://tokens.example.com",
                "MTLS_TOKEN_ENDPOINT", "https://mtls.example.com:8443/token"))) {
            for (String document : DOCUMENTS) {
                JsonNode metadata = metadata(service, document, "any.example.com");
                assertThat(metadata.path("mtls_endpoint_aliases").toString())
                        .isEqualTo("{\"token_endpoint\":\"https://mtls.example.com:8443/token\"}");
                assertThat(metadata.path("token_endpoint").textValue()).isEqualTo("https://tokens.example.com/token");
            }
        }
        assertThat(metadata(DERIVING, DOCUMENTS.get(0), "any.example.com").has("mtls_endpoint_aliases"))
                .isFalse();
    }

    @Test
    void issuer_notConfigured_isNotRememberedFromAnEarlierRequest() {
        for (int i = 0; i < 3; i++) {
            for (String name : List.of("a.example.com", "b.example.com")) {
                assertThat(metadata(DERIVING, DOCUMENTS.get(0), name)
                                .path("issuer")
                                .textValue())
                        .isEqualTo("https://" + name);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "X-Forwarded-Host | evil.example",
                "X-Forwarded-Proto | http",
                "X-Forwarded-Port | 81",
                "X-Forwarded-Server | evil.example",
                "X-Forwarded-For | 192.0.2.1",
                "X-Forwarded-Prefix | /evil",
                "X-Original-Host | evil.example",
                "X-Host | evil.example",
                "Forwarded | for=192.0.2.1;host=evil.example;proto=http"
            })
    void issuer_forwardingHeader_isNotBelieved(String name, String value) {
        for (String host : List.of("token-service.example.com", "localhost:8080")) {
            Request plain = Request.get(DOCUMENTS.get(0)).header("Host", host);

            assertThat(DERIVING.send(plain.header(name, value)).body())
                    .isEqualTo(DERIVING.send(plain).body());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://tokens.example.com",
                "https://tokens.example.com/",
                "https://Tokens.example.com:443/tenant/a",
                "https://tokens.example.com/tenant/a/",
                "http://localhost:9999/x"
            })
    void issuer_configured_isUsedToTheLetterWhateverTheRequestSays(String issuer) {
        try (TestService service = TestService.start(Map.of("TOKEN_ISSUER", issuer))) {
            String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
            String first = service.send(Request.get(DOCUMENTS.get(0))).body();
            for (String host : List.of("evil.example", "localhost", "a_b", "x y", "other.example:81")) {
                Request request =
                        Request.get(DOCUMENTS.get(0)).header("Host", host).header("X-Forwarded-Host", host);
                Response answer = service.send(request);
                if (answer.status() != 400) {
                    assertThat(answer.body()).isEqualTo(first);
                    assertThat(answer.json().path("issuer").textValue()).isEqualTo(issuer);
                    assertThat(answer.json().path("token_endpoint").textValue()).isEqualTo(base + "/token");
                }
            }
            TestToken token = TestToken.of(
                    service, service.send(TestService.tokenRequest(GOOD).header("Host", "evil.example")));
            assertThat(token.claim("iss")).isEqualTo(issuer);
            assertThat(token.claims().path("aud").textValue()).isEqualTo(issuer);
        }
    }

    @Test
    void metadata_isCompleteAndTheSameInBothDocuments() {
        Response answer = DERIVING.send(Request.get(DOCUMENTS.get(0)).header("Host", "token-service.example.com"));
        JsonNode metadata = answer.json();

        assertThat(answer.header("content-type")).isEqualTo("application/json");
        assertThat(answer.header("cache-control")).isEqualTo("public, max-age=300");
        assertThat(metadata.properties().stream().map(Map.Entry::getKey))
                .containsExactlyInAnyOrder(
                        "issuer",
                        "authorization_endpoint",
                        "token_endpoint",
                        "jwks_uri",
                        "response_types_supported",
                        "grant_types_supported",
                        "subject_types_supported",
                        "scopes_supported",
                        "id_token_signing_alg_values_supported",
                        "token_endpoint_auth_methods_supported",
                        "tls_client_certificate_bound_access_tokens",
                        "claims_supported");
        assertThat(metadata.path("response_types_supported").toString()).isEqualTo("[\"none\"]");
        assertThat(metadata.path("grant_types_supported").toString()).isEqualTo("[\"client_credentials\"]");
        assertThat(metadata.path("subject_types_supported").toString()).isEqualTo("[\"public\"]");
        assertThat(metadata.path("scopes_supported").toString())
                .isEqualTo("[\"https://www.googleapis.com/auth/cloud-platform\"]");
        assertThat(metadata.path("id_token_signing_alg_values_supported").toString())
                .isEqualTo("[\"ES256\"]");
        assertThat(metadata.path("token_endpoint_auth_methods_supported").toString())
                .isEqualTo("[\"tls_client_auth\"]");
        assertThat(metadata.path("tls_client_certificate_bound_access_tokens").isBoolean())
                .isTrue();
        assertThat(metadata.path("tls_client_certificate_bound_access_tokens").booleanValue())
                .isFalse();
        assertThat(metadata.path("claims_supported").toString()).contains("\"sub\"", "\"client\"", "\"cnf\"");
        assertThat(DERIVING.send(Request.get(DOCUMENTS.get(1)).header("Host", "token-service.example.com"))
                        .body())
                .isEqualTo(answer.body());
    }

    @Test
    void root_leadsToTheMetadataWithoutNamingAHost() {
        Response answer = DERIVING.send(Request.get("/").header("Host", "token-service.example.com"));

        assertThat(answer.status()).isEqualTo(307);
        assertThat(answer.header("location")).isEqualTo("/.well-known/openid-configuration");
    }

    @Test
    void metadata_byHead_isDescribedWithoutABody() {
        for (String path :
                List.of("/", DOCUMENTS.get(0), DOCUMENTS.get(1), "/.well-known/jwks.json", "/health-check")) {
            Response get = DERIVING.send(Request.get(path));
            Response head = DERIVING.send(Request.of("HEAD", path));

            assertThat(head.status()).isEqualTo(get.status());
            assertThat(head.header("content-type")).isEqualTo(get.header("content-type"));
            assertThat(head.body()).isEmpty();
        }
    }

    @Test
    void audience_noDefault_isTheIssuerOnThisMachineOnly() {
        try (TestService service = TestService.start(Map.of("TOKEN_AUDIENCES", API))) {
            for (String host : List.of("127.0.0.1:1234", "localhost", "[::1]:5")) {
                Request request = TestService.tokenRequest(GOOD).header("Host", host);
                assertThat(TestToken.of(service, service.send(request)).claim("aud"))
                        .isEqualTo("http://" + host);
            }
            for (String host : List.of("token-service.example.com", "192.0.2.1", "localhost.example.com")) {
                for (Request request : List.of(
                        TestService.tokenRequest(GOOD),
                        TestService.tokenRequest(GOOD, "audience", "https://" + host),
                        TestService.tokenRequest(GOOD, "audience", API))) {
                    assertError(service.send(request.header("Host", host)), 400, "invalid_target");
                }
            }
        }
    }

    @Test
    void audience_allowed_isGivenByEitherName() {
        assertThat(TestToken.of(DERIVING, DERIVING.token(GOOD, "audience", API))
                        .claims()
                        .path("aud")
                        .textValue())
                .isEqualTo(API);
        assertThat(TestToken.of(DERIVING, DERIVING.token(GOOD, "resource", "urn:other"))
                        .claim("aud"))
                .isEqualTo("urn:other");
        assertThat(DERIVING.token(GOOD, "audience", API, "client_id", API).status())
                .isEqualTo(200);
        assertError(DERIVING.token(GOOD, "audience", API + "/"), 400, "invalid_target");
        assertError(DERIVING.token(GOOD, "audience", API + ",urn:other"), 400, "invalid_target");
    }

    @Test
    void audience_defaults_areTheConfiguredThenTheProvidersThenTheIssuer() {
        Map<String, String> provider = Map.of(
                "WORKLOAD_IDENTITY_PROJECT_NUMBER", "123456789012",
                "WORKLOAD_IDENTITY_POOL_ID", "test-pool",
                "WORKLOAD_IDENTITY_PROVIDER_ID", "token-service");
        try (TestService service = TestService.start(provider)) {
            assertThat(audience(service)).isEqualTo(PROVIDER);
            assertThat(TestToken.of(service, service.token(GOOD, "audience", PROVIDER))
                            .claim("aud"))
                    .isEqualTo(PROVIDER);
            assertError(service.token(GOOD, "audience", PROVIDER.substring("https:".length())), 400, "invalid_target");
            assertError(service.token(GOOD, "scope", "a", "audience", API), 400, "invalid_target");
        }
        try (TestService service = TestService.start(Map.of(
                "TOKEN_AUDIENCE",
                API,
                "TOKEN_ISSUER",
                "https://tokens.example.com",
                "WORKLOAD_IDENTITY_PROJECT_NUMBER",
                "123456789012",
                "WORKLOAD_IDENTITY_POOL_ID",
                "test-pool",
                "WORKLOAD_IDENTITY_PROVIDER_ID",
                "token-service"))) {
            assertThat(audience(service)).isEqualTo(API);
        }
    }

    private static String audience(TestService service) {
        Request request = TestService.tokenRequest(GOOD).header("Host", "token-service.example.com");
        return TestToken.of(service, service.send(request)).claim("aud");
    }

    private static JsonNode metadata(TestService service, String document, String host) {
        Response answer = service.send(Request.get(document).header("Host", host));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.json();
    }
}
