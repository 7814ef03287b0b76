package dev.tokenservice.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.sun.net.httpserver.HttpServer;
import dev.tokenservice.testing.FreePort;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestAuthority.Identity;
import dev.tokenservice.testing.TestClock;
import dev.tokenservice.testing.TestDoctor;
import dev.tokenservice.testing.TestDoctor.Diagnosis;
import dev.tokenservice.testing.TestListServer;
import dev.tokenservice.testing.TestService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What doctor finds in the settings, on the machine, and on the way to relying parties, with keys of the service's own. */
class DoctorTest {

    private final TestClock clock = new TestClock();
    private final TestAuthority root = TestAuthority.root("Root CA");
    private HttpServer google;
    private volatile String stsAnswer = "{\"error\":\"invalid_target\",\"error_description\":\"unused\"}";

    @TempDir
    Path folder;

    @BeforeEach
    void startGoogle() throws IOException {
        google = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        google.createContext("/", exchange -> {
            byte[] answer = stsAnswer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(stsAnswer.contains("\"error\"") ? 400 : 200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        google.start();
    }

    @AfterEach
    void stopGoogle() {
        google.stop(0);
    }

    @Test
    void configuration_notValid_isOneFindingForEachProblemAndNothingElseIsRun() {
        Diagnosis diagnosis = diagnose(Map.of(
                "TOKEN_VALIDITY",
                "721",
                "WORKLOAD_IDENTITY_PROJECT_NUMBER",
                "my-project",
                "PROXY_SECRET",
                "hunter2 hunter2"));

        assertThat(diagnosis.status()).isEqualTo(2);
        assertThat(diagnosis.of("configuration"))
                .anySatisfy(said -> {
                    assertThat(said.evidence())
                            .contains("token.validity (TOKEN_VALIDITY)")
                            .contains("721");
                    assertThat(said.remedy()).contains("1 to 720 minutes");
                })
                .anySatisfy(said -> {
                    assertThat(said.evidence())
                            .contains("WORKLOAD_IDENTITY_PROJECT_NUMBER")
                            .contains("my-project");
                    assertThat(said.remedy()).contains("gcloud projects describe");
                })
                .anySatisfy(said -> assertThat(said.evidence()).contains("PROXY_SECRET"));
        assertThat(diagnosis.the("signing").result()).isEqualTo("SKIPPED");
        assertThat(diagnosis.report().toString()).doesNotContain("hunter2");
    }

    @Test
    void variable_misspelt_isWarnedOf() {
        Diagnosis diagnosis = diagnose(Map.of("TOKEN_AUDIENC", "https://api.example.com"));

        assertThat(diagnosis.the("variable-names").result()).isEqualTo("WARN");
        assertThat(diagnosis.the("variable-names").remedy()).contains("TOKEN_AUDIENCE");
    }

    @Test
    void port_taken_failsNamingTheVariable() throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            Diagnosis diagnosis = diagnose(Map.of("PORT", Integer.toString(taken.getLocalPort())));

            assertFails(diagnosis, "application-port", "PORT");
            assertThat(diagnosis.the("admin-port").result()).isEqualTo("OK");
        }
    }

    @Test
    void port_takenByTheServiceItself_isWarnedOf() {
        Diagnosis diagnosis =
                diagnose(Map.of("PORT", Integer.toString(TestService.shared().port())));

        assertThat(diagnosis.the("application-port").result()).isEqualTo("WARN");
    }

    @Test
    void address_ofAnotherMachine_failsNamingTheVariable() {
        assertFails(diagnose(Map.of("APPLICATION_HOST", "192.0.2.1")), "application-port", "APPLICATION_HOST");
    }

    @Test
    void port_ofTwoSettings_isNoConfiguration() throws IOException {
        String port = Integer.toString(FreePort.find());

        assertFails(diagnose(Map.of("PORT", port, "ADMIN_PORT", port)), "configuration", "ADMIN_PORT");
    }

    @Test
    void files_inOrder_areOk() {
        Diagnosis diagnosis = diagnose(tls(server(Duration.ofDays(60)), Duration.ofDays(1)));

        for (String check : new String[] {"mtls-port", "server-certificate", "trust-bundle", "revocation-lists"}) {
            assertThat(diagnosis.the(check).result()).as(check).isEqualTo("OK");
        }
    }

    @Test
    void serverCertificate_expiredOrSoon_isTold() {
        clock.ahead(Duration.ofDays(61));
        assertFails(
                diagnose(tls(server(Duration.ofDays(60)), Duration.ofDays(100))),
                "server-certificate",
                "MTLS_CERTIFICATE");
        clock.ahead(Duration.ofDays(40));
        assertThat(diagnose(tls(server(Duration.ofDays(60)), Duration.ofDays(100)))
                        .the("server-certificate")
                        .result())
                .isEqualTo("WARN");
    }

    @Test
    void serverCertificate_ofAnotherKey_failsNamingBothSettings() {
        Map<String, String> variables = tls(server(Duration.ofDays(60)), Duration.ofDays(1));
        TestAuthority.write(folder.resolve("tls.key"), root.server().key());

        assertFails(diagnose(variables), "server-certificate", "MTLS_PRIVATE_KEY");
    }

    @Test
    void trustBundle_notPem_failsNamingTheSetting() throws IOException {
        Map<String, String> variables = tls(server(Duration.ofDays(60)), Duration.ofDays(1));
        Files.writeString(folder.resolve("ca.crt"), "this is no certificate");

        Diagnosis diagnosis = diagnose(variables);

        assertFails(diagnosis, "trust-bundle", "MTLS_TRUST_BUNDLE");
        assertThat(diagnosis.the("proxy-trust").result()).isEqualTo("SKIPPED");
    }

    @Test
    void revocationList_outOfDate_failsNamingSettingAndAuthority() {
        clock.ahead(Duration.ofDays(2));

        Diagnosis diagnosis = diagnose(tls(server(Duration.ofDays(60)), Duration.ofDays(1)));

        assertFails(diagnosis, "revocation-lists", "MTLS_CRL");
        assertThat(diagnosis.the("revocation-lists").evidence()).contains("Root CA");
    }

    @Test
    void revocationLists_ofThePolicy_areFetchedAndNotKept() throws IOException {
        try (TestListServer server = TestListServer.start()) {
            TestAuthority.write(folder.resolve("ca.crt"), root.certificate());
            Path cache = Files.createDirectory(folder.resolve("cache"));
            Path policy = Files.writeString(
                    folder.resolve("policy.yml"),
                    "version: 1\nauthorities: {factory: {trustBundle: ca.crt, crl: {fetch: [\"" + server.url("/ca.crl")
                            + "\"], cache: cache}}}\nrules: allow-all\n");
            Map<String, String> variables = Map.of("POLICY", policy.toString());

            Diagnosis missing = diagnose(variables);
            assertThat(missing.the("revocation-fetch").result()).isEqualTo("FAIL");
            assertThat(missing.the("revocation-fetch").evidence())
                    .isEqualTo("authority factory: " + server.url("/ca.crl") + " answers with the status 404");
            assertThat(missing.the("revocation-fetch").remedy()).startsWith("have the server answer with the list");
            server.publish("/ca.crl", root.revoke(Duration.ofDays(1)));
            Diagnosis diagnosis = diagnose(variables);
            assertThat(diagnosis.the("revocation-fetch").result()).isEqualTo("OK");
            assertThat(diagnosis.the("revocation-fetch").evidence())
                    .matches("authority factory: \\S+/ca.crl: the list issued at \\S+ is in force, and its next update "
                            + "is due at \\S+; it is 0 hours old");
            assertThat(cache).isEmptyDirectory();
        }
        assertThat(diagnose(Map.of()).the("revocation-fetch").result()).isEqualTo("SKIPPED");
    }

    @Test
    void deniedCertificates_malformed_failsNamingTheSetting() throws IOException {
        Path file = Files.writeString(folder.resolve("denied"), "nonsense\n");

        assertFails(
                diagnose(Map.of("DENIED_CERTIFICATES", file.toString())), "denied-certificates", "DENIED_CERTIFICATES");
    }

    @Test
    void signingKeys_none_failsNamingTheSetting() {
        assertFails(diagnose(Map.of("SIGNING_KEYS", folder.toString())), "signing", "SIGNING_KEYS");
    }

    @Test
    void issuerAndAudience_unusual_areWarnedOf() {
        Diagnosis diagnosis = diagnose(provider(
                Map.of("TOKEN_ISSUER", "https://token-service.invalid/", "TOKEN_AUDIENCE", "https://api.example.com")));

        assertThat(diagnosis.the("issuer").remedy()).isEqualTo("TOKEN_ISSUER=https://token-service.invalid");
        assertThat(diagnosis.the("audience").result()).isEqualTo("WARN");
        assertThat(diagnosis.the("audience").remedy()).contains("unset TOKEN_AUDIENCE");
        assertFails(
                diagnosis,
                "discovery",
                "add a DNS record for token-service.invalid with the address of the load balancer");
    }

    @Test
    void clock_off_isTold() {
        clock.ahead(Duration.ofMinutes(1));
        assertThat(diagnose(provider(Map.of())).the("clock").result()).isEqualTo("WARN");
        clock.ahead(Duration.ofMinutes(-10));
        assertFails(diagnose(provider(Map.of())), "clock", "timedatectl");
        clock.ahead(Duration.ZERO);
        assertThat(diagnose(provider(Map.of())).the("clock").result()).isEqualTo("OK");
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void tokenExchange_refused_namesTheSettingOrTheCommand(
            String error, String description, String result, String remedy) throws IOException {
        stsAnswer = "{\"error\":\"%s\",\"error_description\":\"%s\"}".formatted(error, description);
        Map<String, String> variables = published();
        try (TestService service = TestService.start(variables)) {
            Diagnosis diagnosis = diagnose(variables);

            assertThat(diagnosis.the("discovery").result()).isEqualTo("OK");
            assertThat(diagnosis.the("jwks").result()).isEqualTo("OK");
            assertThat(diagnosis.the("token-exchange").result()).isEqualTo(result);
            assertThat(diagnosis.the("token-exchange").remedy()).contains(remedy);
            assertThat(service.port()).isPositive();
        }
    }

    static Stream<Arguments> refusals() {
        String update =
                "gcloud iam workload-identity-pools providers update-oidc projects/123456789012/locations/global/"
                        + "workloadIdentityPools/widgets/providers/token-service ";
        return Stream.of(
                arguments("invalid_target", "The target service indicated is invalid.", "FAIL", "_POOL_ID"),
                arguments(
                        "invalid_grant",
                        "The issuer in ID Token http://x does not match the expected ones: http://y",
                        "FAIL",
                        update + "--issuer-uri='http://localhost"),
                arguments(
                        "invalid_grant",
                        "The audience in ID Token [x] does not match the expected audience.",
                        "FAIL",
                        update + "--allowed-audiences='https://iam.googleapis.com/projects/123456789012/"),
                arguments(
                        "invalid_grant",
                        "Could not obtain a value for google.subject from the given credential.",
                        "FAIL",
                        update + "--attribute-mapping='google.subject=assertion.client_id,"),
                arguments(
                        "invalid_grant",
                        "Error connecting to the given credential's issuer.",
                        "FAIL",
                        "ALLOW_INVALID_OR_MISSING_CLIENT_CERT"),
                arguments("invalid_grant", "ID Token issued at 1 is stale to sign-in.", "FAIL", "timedatectl"),
                arguments("invalid_grant", "No matching key was found in the JWKS.", "FAIL", "uploaded JWKS"),
                arguments(
                        "unauthorized_client",
                        "The given credential is rejected by the attribute condition.",
                        "OK",
                        ""));
    }

    @Test
    void tokenExchange_granted_isOkAndTheTokenIsNotShown() throws IOException {
        stsAnswer = "{\"access_token\":\"ya29.secret\",\"token_type\":\"Bearer\",\"expires_in\":3599,"
                + "\"issued_token_type\":\"urn:ietf:params:oauth:token-type:access_token\"}";
        Map<String, String> variables = published();
        try (TestService service = TestService.start(variables)) {
            Diagnosis diagnosis = diagnose(variables);

            assertThat(diagnosis.the("token-exchange").result()).isEqualTo("OK");
            assertThat(diagnosis.report().toString()).doesNotContain("ya29").doesNotContain("eyJ");
            assertThat(service.port()).isPositive();
        }
    }

    /** A copy of the keys that nobody has uploaded anew. */
    @Test
    void jwks_copyWithoutAKeyThatSignsOrWill_failsNamingTheCommand() throws IOException {
        Map<String, String> variables = new HashMap<>(published());
        variables.put(
                "TOKEN_JWKS_URI", "http://localhost:" + google.getAddress().getPort() + "/copy");
        byte[][] copy = new byte[1][];
        google.createContext("/copy", exchange -> {
            exchange.sendResponseHeaders(200, copy[0].length);
            exchange.getResponseBody().write(copy[0]);
            exchange.close();
        });
        try (TestService service = TestService.start(variables)) {
            copy[0] = service.send(Request.get("/.well-known/jwks.json")).body().getBytes(StandardCharsets.UTF_8);
            assertThat(diagnose(variables).the("jwks").result()).isEqualTo("OK");

            TestAuthority.write(folder.resolve("keys/2.pem"), root.server().key());
            Path successor = Files.writeString(
                    folder.resolve("keys/2.json"), "{\"algorithm\":\"ES256\",\"created\":\"2026-01-01T00:00:00Z\"}");
            assertFails(diagnose(variables), "jwks", "issuer export");
            assertThat(diagnose(variables).the("jwks").evidence()).contains("or will sign next, are not published");

            Files.delete(successor);
            assertFails(diagnose(variables), "jwks", "that signs is not published");
        }
    }

    private Diagnosis diagnose(Map<String, String> variables) {
        return TestDoctor.run(variables, clock);
    }

    private static void assertFails(Diagnosis diagnosis, String check, String named) {
        assertThat(diagnosis.the(check).result())
                .as(diagnosis.report().toPrettyString())
                .isEqualTo("FAIL");
        assertThat(diagnosis.the(check).evidence() + diagnosis.the(check).remedy())
                .contains(named);
        assertThat(diagnosis.status()).isEqualTo(2);
    }

    @Test
    void signingKey_thatEveryoneCanRead_failsWithTheCommand() throws IOException {
        Map<String, String> variables = published();
        Path key = folder.resolve("keys/1.pem");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));

        assertFails(diagnose(variables), "key-files", "chmod 0400 " + key);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("r--r-----"));
        assertThat(diagnose(variables).the("key-files").result()).isEqualTo("OK");
    }

    /** A service that signs with keys in a folder, and can be found under its issuer. */
    private Map<String, String> published() throws IOException {
        Files.createDirectories(folder.resolve("keys"));
        TestAuthority.write(folder.resolve("keys/1.pem"), root.server().key());
        String port = Integer.toString(FreePort.find());
        return provider(Map.of(
                "PORT",
                port,
                "TOKEN_ISSUER",
                "http://localhost:" + port,
                "SIGNING_ALGORITHM",
                "ES256",
                "SIGNING_KEYS",
                folder.resolve("keys").toString()));
    }

    private Map<String, String> provider(Map<String, String> more) {
        String url = "http://localhost:" + google.getAddress().getPort();
        Map<String, String> variables = new HashMap<>(Map.of(
                "STS_URL", url,
                "WORKLOAD_IDENTITY_PROJECT_NUMBER", "123456789012",
                "WORKLOAD_IDENTITY_POOL_ID", "widgets",
                "WORKLOAD_IDENTITY_PROVIDER_ID", "token-service"));
        variables.putAll(more);
        return variables;
    }

    private Map<String, String> tls(Identity server, Duration listValidFor) {
        return Map.of(
                "AUTH_FLOWS", "mtls-client-credentials",
                "MTLS_CERTIFICATE",
                        TestAuthority.write(folder.resolve("tls.crt"), server.certificate())
                                .toString(),
                "MTLS_PRIVATE_KEY",
                        TestAuthority.write(folder.resolve("tls.key"), server.key())
                                .toString(),
                "MTLS_TRUST_BUNDLE",
                        TestAuthority.write(folder.resolve("ca.crt"), root.certificate())
                                .toString(),
                "MTLS_CRL",
                        TestAuthority.write(folder.resolve("ca.crl"), root.revoke(listValidFor))
                                .toString());
    }

    private Identity server(Duration validFor) {
        Instant now = Instant.now();
        return root.leaf("server")
                .dns("localhost")
                .valid(now.minusSeconds(60), now.plus(validFor))
                .issue();
    }
}
