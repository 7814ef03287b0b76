package dev.tokenservice.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.TestCommandLine;
import dev.tokenservice.testing.MarkdownPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code docs/trust.md} has operators run is run as it stands there, and says what the page says. */
@Tag("scripts-and-pages")
class TrustPageIT {

    private static final String JAVA = "java -jar token-service.jar ";

    @TempDir
    Path folder;

    private MarkdownPage section(String heading) throws IOException {
        MarkdownPage section = MarkdownPage.read("docs/trust.md").section(heading);
        for (String policy : section.blocks("yaml")) {
            Files.writeString(folder.resolve("policy.yml"), policy);
        }
        return section;
    }

    private void openssl(MarkdownPage section) throws Exception {
        for (String command : section.commands("openssl")) {
            Process process = new ProcessBuilder("sh", "-c", command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            String output =
                    new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(command + "\n" + output).isZero();
        }
    }

    private TestCommandLine run(String command, Map<String, String> environment) {
        assertThat(command).startsWith(JAVA);
        List<String> arguments = Arrays.stream(command.substring(JAVA.length())
                        .replaceFirst(" >.*", "")
                        .split(" "))
                .map(argument -> argument.endsWith(".pem") || argument.equals("policy.yml")
                        ? folder.resolve(argument).toString()
                        : argument)
                .toList();
        return TestCommandLine.run(environment, arguments.toArray(String[]::new));
    }

    private TestCommandLine run(String command) {
        return run(command, Map.of());
    }

    @Test
    void twoAuthorities_areToldApartAsThePageSays() throws Exception {
        MarkdownPage page = section("Run two CAs");
        openssl(page);
        List<String> commands = page.commands("java");

        assertThat(run(commands.get(0)).output()).contains("is valid", "authorities factory, office");
        TestCommandLine accepted = run(commands.get(1));
        TestCommandLine refused = run(commands.get(2));
        assertThat(accepted.status()).isZero();
        assertThat(accepted.output())
                .contains(page.blocks("text").get(0).lines().toList());
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.output()).contains(page.blocks("text").get(1).lines().toList());
    }

    @Test
    void fleet_hasTheIdsOfThePage() throws Exception {
        MarkdownPage page = section("A device fleet with common names");
        openssl(page);

        assertThat(run(page.commands("java").get(0)).output())
                .contains(page.blocks("text").get(0).strip());
        Files.writeString(
                folder.resolve("policy.yml"),
                page.blocks("yaml").get(0).replaceAll("(?m)^ *subjects:.*\\n", "    trustDomains: [a.example]\n"));
        assertThat(run(page.commands("java").get(0)).output()).contains("which the authority fleet does not give");
    }

    @Test
    void policyOfTheLoadBalancer_isValid() throws Exception {
        openssl(section("Run two CAs"));
        section("Behind Google's load balancer");

        assertThat(run(JAVA + "policy check policy.yml").status()).isZero();
    }

    @Test
    void settings_becomeAPolicyThatIsValid() throws Exception {
        openssl(section("Run two CAs"));
        String page = Files.readString(Path.of("docs/trust.md"));
        List<String> commands = page.substring(page.indexOf("## Move from one bundle"))
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith(JAVA))
                .toList();
        Map<String, String> variables = Map.of(
                "MTLS_TRUST_BUNDLE", folder.resolve("factory.pem").toString(),
                "AUTH_FLOWS", "rfc9440-mtls-client-credentials",
                "CLIENT_ID", "dns");

        TestCommandLine shown = run(commands.get(0), variables);
        assertThat(shown.output()).contains("# Unset where this file is named by POLICY: MTLS_TRUST_BUNDLE, CLIENT_ID");
        Files.writeString(folder.resolve("policy.yml"), shown.output());
        assertThat(run(commands.get(1)).output()).contains("authorities default");
    }
}
