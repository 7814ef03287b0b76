package dev.tokenservice.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tokenservice.testing.Command;
import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.MarkdownPage;
import dev.tokenservice.testing.Programs;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestAuthority.Identity;
import dev.tokenservice.testing.TestJvm;
import dev.tokenservice.testing.TestService;
import dev.tokenservice.testing.TlsClient;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What {@code docs/clients.md} prints is run as it stands there, but for the host and the places of files. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("scripts-and-pages")
class ClientsPageIT {

    private static final String ID = "spiffe://example.com/widget/7";
    private static final char[] PASSWORD = "a-password-of-this-test".toCharArray();

    private final MarkdownPage page = MarkdownPage.read("docs/clients.md");
    private final TestAuthority root = TestAuthority.root("Widget CA");
    private final ObjectMapper json = new ObjectMapper();
    private Path folder;
    private TestService service;

    @BeforeAll
    void start(@TempDir Path files) throws Exception {
        folder = files;
        Identity client = root.client(ID);
        write("client.pem", client.certificate());
        write("client.key", client.key());
        writeStore("client.p12", store -> store.setKeyEntry("client", client.key(), PASSWORD, chain(client)));
        writeStore("ca.p12", store -> store.setCertificateEntry("ca", root.certificate()));
        Map<String, String> variables = new HashMap<>(root.tlsVariables(folder));
        variables.put("TOKEN_AUDIENCES", "https://api.example.com");
        service = TestService.start(variables);
    }

    @AfterAll
    void stop() {
        service.close();
    }

    @Test
    void curl_eachCommand_getsAToken() throws Exception {
        List<String> commands = page.commands("curl").stream()
                .filter(command -> command.contains("token-service.example.com"))
                .toList();

        assertThat(commands).hasSize(3);
        for (String command : commands.subList(0, 2)) {
            assertIdToken(run("sh", "-c", local(command)));
        }
        assertThat(claims(run("sh", "-c", local(commands.get(1)))).path("aud").asText())
                .isEqualTo("https://api.example.com");
    }

    @Test
    void script_goodAndBadRequests_keepTheLastToken() throws Exception {
        Programs.require("jq");
        String script = local(page.blocks("sh").stream()
                .filter(block -> block.startsWith("umask"))
                .findFirst()
                .orElseThrow());
        Path token = folder.resolve("token");

        assertThat(run("sh", "-c", script).status()).isZero();
        assertThat(token).content().matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+\\n");
        String before = Files.readString(token);
        assertThat(run("sh", "-c", script.replace("=client_credentials", "=password"))
                        .status())
                .isNotZero();
        assertThat(token).hasContent(before);
    }

    @Test
    void python_script_getsAToken() throws Exception {
        Programs.require("python3");
        Programs.require(
                run("python3", "-c", "import requests").status() == 0, "Python's library requests is not installed");

        Command ended = run("python3", "-c", local(page.blocks("python").get(0)));

        assertThat(ended.output()).as(ended.complaint()).matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+\\n");
    }

    @Test
    void java_program_getsAToken() throws Exception {
        Path program = Files.writeString(
                folder.resolve("TokenClient.java"), local(page.blocks("java").get(0)));

        Command ended = run(
                TestJvm.JAVA,
                "-Djavax.net.ssl.trustStore=" + folder.resolve("ca.p12"),
                "-Djavax.net.ssl.trustStorePassword=" + new String(PASSWORD),
                program.toString());

        assertThat(ended.output()).as(ended.complaint()).startsWith("200 {\"id_token\":\"");
    }

    @Test
    void tokenServiceCredential_settingsOfThePage_getAToken() throws Exception {
        String settings = page.blocks("console")
                .get(0)
                .lines()
                .filter(line -> line.startsWith("TOKEN_SERVICE_"))
                .reduce("", (text, line) -> text + line + "\n");
        Files.writeString(folder.resolve("token-service.conf"), local(settings));

        assertIdToken(run(
                "sh",
                "-c",
                local(page.commands("/usr/local/bin/token-service-credential").get(0))));
    }

    @Test
    void gcloud_createCredentialConfiguration_writesWhatThePagePrints() throws Exception {
        Programs.require("gcloud");
        String command = page.commands("gcloud iam").get(0);

        Command ended = run("sh", "-c", command);

        assertThat(ended.status()).as(ended.complaint()).isZero();
        assertThat(json.readTree(folder.resolve("credentials.json").toFile()))
                .isEqualTo(json.readTree(page.blocks("json").get(0)));
    }

    @Test
    void refusals_bothFormats_areThoseOfThePage() {
        Instant now = Instant.now();
        TlsClient expired = TlsClient.of(
                root.certificate(),
                Optional.of(root.leaf("client")
                        .uri(ID)
                        .valid(now.minusSeconds(7200), now.minusSeconds(3600))
                        .issue()));

        for (String[] parameters : List.of(new String[0], new String[] {"format", "external_credential"})) {
            assertThat(page.blocks("json"))
                    .contains(expired.send(service.tlsPort(), TestService.tokenRequest(Headers.NONE, parameters))
                                    .body()
                            + "\n");
        }
    }

    private void assertIdToken(Command ended) throws Exception {
        assertThat(claims(ended).path("sub").asText()).isEqualTo(ID);
    }

    private JsonNode claims(Command ended) throws Exception {
        assertThat(ended.status()).as(ended.complaint()).isZero();
        String token = json.readTree(ended.output()).path("id_token").asText();
        assertThat(token).as(ended.output()).contains(".");
        return json.readTree(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]));
    }

    /** The same for this service, and for files of this test. */
    private String local(String text) {
        return text.replace("https://token-service.example.com", "https://localhost:" + service.tlsPort())
                .replace("/etc/widget", folder.toString())
                .replace("/usr/local/bin/", Path.of("examples").toAbsolutePath().toString() + "/");
    }

    private Command run(String... command) {
        Map<String, String> variables = new HashMap<>(Map.of(
                "CLIENT_P12_PASSWORD",
                new String(PASSWORD),
                "CLOUDSDK_CONFIG",
                folder.resolve("gcloud").toString()));
        for (String trust : List.of("CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "TOKEN_SERVICE_CA")) {
            variables.put(trust, folder.resolve("clients.crt").toString());
        }
        return Command.run(folder, variables, List.of(command));
    }

    private interface Entries {
        void addTo(KeyStore store) throws Exception;
    }

    private void writeStore(String name, Entries entries) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        entries.addTo(store);
        try (OutputStream out = Files.newOutputStream(folder.resolve(name))) {
            store.store(out, PASSWORD);
        }
    }

    private static X509Certificate[] chain(Identity identity) {
        return identity.chain().toArray(X509Certificate[]::new);
    }

    private String write(String name, Object object) {
        return TestAuthority.write(folder.resolve(name), object).toString();
    }
}
