package dev.tokenservice.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.tokenservice.testing.Command;
import dev.tokenservice.testing.MarkdownPage;
import dev.tokenservice.testing.Programs;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commands that need a cloud, as far as they can be tried without one: the tools read them, with every flag and file, and end
 * for want of credentials, of which they have none here.
 */
@Tag("scripts-and-pages")
class ExamplesIT {

    private static final Path GOOGLE = Path.of("examples/google");
    private static final int MOST_HEADERS = 16;

    @TempDir
    Path folder;

    @Test
    void gcloud_eachCommand_isUnderstood() {
        Programs.require("gcloud");
        Map<String, String> variables =
                Map.of("CLOUDSDK_CONFIG", folder.toString(), "CLOUDSDK_CORE_PROJECT", "my-project");
        List<String> commands = MarkdownPage.read("examples/google/README.md").commands("gcloud");

        assertThat(commands).hasSize(4);
        for (String command : commands) {
            assertThat(Command.run(GOOGLE, variables, List.of("sh", "-c", command)))
                    .as(command)
                    .satisfies(ended -> assertThat(ended.complaint())
                            .contains("You do not currently have an active account selected"));
        }
    }

    @Test
    void aws_eachCommand_isUnderstood() throws IOException {
        Programs.require("aws");
        Files.writeString(folder.resolve("token"), "e30.e30.AA");
        Map<String, String> variables = new HashMap<>(Map.of(
                "HOME", folder.toString(),
                "AWS_EC2_METADATA_DISABLED", "true",
                "AWS_DEFAULT_REGION", "eu-central-1",
                "AWS_ENDPOINT_URL", "http://127.0.0.1:1",
                "BUCKET", "my-bucket"));
        for (String arn : List.of("TRUST_STORE", "LOAD_BALANCER", "CERTIFICATE", "TARGET_GROUP", "PUBLIC_LISTENER")) {
            variables.put(arn, "arn:aws:elasticloadbalancing:eu-central-1:123456789012:" + arn);
        }
        List<String> commands = Stream.of("examples/aws/README.md", "docs/clients.md")
                .flatMap(page -> MarkdownPage.read(page).commands("aws").stream())
                .toList();

        assertThat(commands).hasSize(8);
        for (String command : commands) {
            // The last one needs no credentials, and finds nobody who listens.
            assertThat(Command.run(folder, variables, List.of("sh", "-c", command))
                            .complaint())
                    .as(command)
                    .containsAnyOf("Unable to locate credentials", "Could not connect to the endpoint URL");
        }
    }

    @Test
    void aws_settings_makeDiscoveryListTheListenerForClients() {
        Map<String, String> variables = new HashMap<>();
        MarkdownPage.read("examples/aws/README.md")
                .blocks("text")
                .get(0)
                .lines()
                .map(line -> line.split("=", 2))
                .forEach(line -> variables.put(line[0], line[1]));
        try (TestService service = TestService.start(variables)) {
            Response metadata = service.send(Request.get("/.well-known/openid-configuration"));

            assertThat(variables).containsEntry("AUTH_FLOWS", "alb-mtls-client-credentials");
            assertThat(metadata.text("issuer")).isEqualTo(variables.get("TOKEN_ISSUER"));
            assertThat(metadata.json()
                            .at("/mtls_endpoint_aliases/token_endpoint")
                            .textValue())
                    .isEqualTo(variables.get("MTLS_TOKEN_ENDPOINT"));
        }
    }

    @Test
    void customHeaders_ofGooglesLoadBalancer_areAllThatTheServiceReads() throws IOException {
        ObjectMapper yaml = new ObjectMapper(new YAMLFactory());
        List<String> set = yaml.readTree(GOOGLE.resolve("custom-headers.yaml").toFile())
                .findValuesAsText("--custom-request-header");
        JsonNode authentication = yaml.readTree(Path.of("config.yml").toFile()).path("authentication");
        Stream<String> read = Stream.concat(
                authentication
                        .path("headers")
                        .valueStream()
                        .filter(JsonNode::isTextual)
                        .map(JsonNode::asText),
                Stream.of(
                        "X-Client-Cert-Leaf",
                        authentication.path("proxy").path("secretHeader").asText()));

        assertThat(set).hasSizeLessThanOrEqualTo(MOST_HEADERS);
        assertThat(set.stream().map(header -> header.replaceFirst(":.*", "").toLowerCase(Locale.ROOT)))
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(read.map(name -> name.toLowerCase(Locale.ROOT))
                        .distinct()
                        .toList());
    }
}
