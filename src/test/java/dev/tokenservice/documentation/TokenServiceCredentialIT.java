package dev.tokenservice.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.tokenservice.google.TestTls;
import dev.tokenservice.testing.Command;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestAuthority.Identity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code examples/token-service-credential} before services that are none, or are ill: whatever happens, stdout holds one
 * answer of AIP-4117, stderr nothing, and the exit status is 0, because client libraries take everything else for a broken
 * command.
 */
@Tag("scripts-and-pages")
class TokenServiceCredentialIT {

    private static final Path COMMAND = Path.of("examples/token-service-credential");
    private static final String TOKEN = "{\"version\":1,\"success\":true,"
            + "\"token_type\":\"urn:ietf:params:oauth:token-type:id_token\",\"id_token\":\"e30.e30.AA\","
            + "\"expiration_time\":4102444800}";

    @TempDir
    Path folder;

    private final TestTls authority = TestTls.authority("Service CA");
    private final Map<String, String> settings = new HashMap<>();
    private final BlockingQueue<String> forms = new LinkedBlockingQueue<>();
    private HttpsServer server;
    private int status = 200;
    private String body = TOKEN;

    @BeforeEach
    void start() throws IOException {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(
                new HttpsConfigurator(authority.serverContext(authority.server("localhost", "127.0.0.1"))));
        server.createContext("/token", exchange -> {
            forms.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        Identity client = TestAuthority.root("CA").client("spiffe://example.com/widget/1");
        settings.put(
                "TOKEN_SERVICE_URL", "https://localhost:" + server.getAddress().getPort());
        settings.put("TOKEN_SERVICE_CERTIFICATE", write("client.crt", client.certificate()));
        settings.put("TOKEN_SERVICE_PRIVATE_KEY", write("client.key", client.key()));
        settings.put("TOKEN_SERVICE_CA", write("ca.crt", authority.certificate()));
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void run_answerOfTheService_isPrintedAndNothingElse() throws Exception {
        assertThat(run()).isEqualTo(new Command(0, TOKEN + "\n", ""));
        assertThat(forms.take()).isEqualTo("grant_type=client_credentials&format=external_credential");
    }

    @Test
    void run_urlWithOrWithoutPath_isUnderstood() throws Exception {
        String url = String.valueOf(settings.get("TOKEN_SERVICE_URL"));
        for (String path : List.of("", "/", "/token")) {
            settings.put("TOKEN_SERVICE_URL", url + path);
            assertThat(run().output()).as(path).isEqualTo(TOKEN + "\n");
        }
    }

    @Test
    void run_refusalOfTheService_isPrintedAsItIs() throws Exception {
        status = 401;
        body =
                "{\"version\":1,\"success\":false,\"code\":\"invalid_client\",\"message\":\"the certificate is expired\"}";

        assertThat(run()).isEqualTo(new Command(0, body + "\n", ""));
    }

    @Test
    void run_audience_isTheProvidersOrTheOneGiven() throws Exception {
        settings.put("TOKEN_SERVICE_AUDIENCE", "provider");
        settings.put("GOOGLE_EXTERNAL_ACCOUNT_AUDIENCE", "//iam.googleapis.com/projects/1");
        run();
        assertThat(forms.take()).endsWith("&audience=https%3A%2F%2Fiam.googleapis.com%2Fprojects%2F1");

        settings.put("TOKEN_SERVICE_AUDIENCE", "https://api.example.com/?a&b");
        run();
        assertThat(forms.take()).endsWith("&audience=https%3A%2F%2Fapi.example.com%2F%3Fa%26b");
    }

    @Test
    void run_answerOfSomethingElse_isAFailureWithItsStatus() throws Exception {
        for (String other : List.of("<html>not \"found\"</html>", "", "{\"id_token\":\"e30.e30.AA\"}")) {
            status = 404;
            body = other;
            assertFailure("HTTP_404", "status 404");
        }
        status = 200;
        assertThat(failure().path("message").asText()).doesNotContain("e30");
    }

    @Test
    void run_serviceThatCannotBeTrustedOrReached_isAFailureInCurlsWords() throws Exception {
        settings.put("TOKEN_SERVICE_CA", settings.get("TOKEN_SERVICE_CERTIFICATE"));
        assertFailure("CONNECTION", "certificate");
        settings.put("TOKEN_SERVICE_URL", "https://localhost:1");
        assertFailure("CONNECTION", "localhost");
    }

    @Test
    void run_settingThatIsMissingOrWrong_isNamed() throws Exception {
        for (Map.Entry<String, String> wrong : List.of(
                Map.entry("TOKEN_SERVICE_URL", ""),
                Map.entry("TOKEN_SERVICE_URL", "http://localhost:1"),
                Map.entry("TOKEN_SERVICE_CERTIFICATE", ""),
                Map.entry("TOKEN_SERVICE_CERTIFICATE", "/nowhere/\"client\".crt"),
                Map.entry("TOKEN_SERVICE_PRIVATE_KEY", "/nowhere/client.key"),
                Map.entry("TOKEN_SERVICE_CA", folder.toString()))) {
            String right = settings.put(wrong.getKey(), wrong.getValue());
            assertFailure("SETTINGS", wrong.getKey());
            settings.put(wrong.getKey(), right);
        }
    }

    @Test
    void run_settingsFile_goesBeforeTheEnvironmentAndTakesKnownNamesOnly() throws Exception {
        Path file = folder.resolve("settings");
        Files.writeString(
                file,
                "# a comment\n\nTOKEN_SERVICE_AUDIENCE=a=b\nTOKEN_SERVICE_URL="
                        + settings.put("TOKEN_SERVICE_URL", "https://localhost:1"));
        assertThat(run(file.toString()).output()).isEqualTo(TOKEN + "\n");
        assertThat(forms.take()).endsWith("&audience=a%3Db");

        Files.writeString(file, "TOKEN_SERVICE_UR=https://localhost:1\n");
        assertThat(run(file.toString()).output()).contains("\"code\":\"SETTINGS\"", "sets TOKEN_SERVICE_UR,");
        assertThat(run(folder.resolve("none").toString()).output()).contains("\"code\":\"SETTINGS\"", "none");
    }

    @Test
    void run_outputFile_holdsTokensOnly() throws Exception {
        Path file = folder.resolve("output");
        settings.put("GOOGLE_EXTERNAL_ACCOUNT_OUTPUT_FILE", file.toString());
        status = 500;
        body = "nonsense";
        failure();
        assertThat(file).doesNotExist();

        status = 200;
        body = TOKEN;
        run();
        assertThat(file).hasContent(TOKEN);
        settings.put(
                "GOOGLE_EXTERNAL_ACCOUNT_OUTPUT_FILE",
                folder.resolve("none/output").toString());
        assertFailure("OUTPUT_FILE", "none/output");
        try (var files = Files.list(folder)) {
            assertThat(files.map(each -> each.getFileName().toString()))
                    .containsExactlyInAnyOrder("client.crt", "client.key", "ca.crt", "output");
        }
    }

    @Test
    void run_wrongCommandLine_saysHowOnStderr() throws Exception {
        for (String[] arguments : List.of(new String[] {"--verbose"}, new String[] {"one", "two"})) {
            Command ended = run(arguments);
            assertThat(ended.status()).isEqualTo(64);
            assertThat(ended.output()).isEmpty();
            assertThat(ended.complaint()).startsWith("Usage: token-service-credential");
        }
    }

    private void assertFailure(String code, String word) throws Exception {
        JsonNode failure = failure();
        assertThat(failure.path("code").asText()).isEqualTo(code);
        assertThat(failure.path("message").asText()).contains(word);
    }

    private JsonNode failure() throws Exception {
        Command ended = run();
        assertThat(ended.status()).isZero();
        assertThat(ended.complaint()).isEmpty();
        assertThat(ended.output().lines()).hasSize(1);
        JsonNode answer = new ObjectMapper().readTree(ended.output());
        assertThat(answer.path("version").asInt()).isEqualTo(1);
        assertThat(answer.path("success").isBoolean()).isTrue();
        assertThat(answer.path("success").asBoolean()).isFalse();
        return answer;
    }

    private Command run(String... arguments) {
        List<String> command = new ArrayList<>(List.of(COMMAND.toAbsolutePath().toString()));
        command.addAll(List.of(arguments));
        return Command.run(folder, settings, command);
    }

    private String write(String name, Object object) {
        return TestAuthority.write(folder.resolve(name), object).toString();
    }
}
