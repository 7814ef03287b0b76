package dev.tokenservice.deploy;

import static dev.tokenservice.deploy.DeployScript.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.deploy.DeployScript.Ended;
import dev.tokenservice.testing.Command;
import dev.tokenservice.testing.MarkdownPage;
import dev.tokenservice.testing.Programs;
import dev.tokenservice.testing.TestAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What {@code docs/deployment.md} tells the reader to type does what it says. */
@Tag("scripts-and-pages")
class DeploymentPageTest extends DeployedProject {

    private final MarkdownPage page = MarkdownPage.read("docs/deployment.md");

    /** The page's own options, but that the files are the test's. */
    private Path options() {
        try {
            TestAuthority.write(
                    folder.resolve("intermediate-ca.pem"),
                    TestAuthority.root("One CA").certificate());
            String text = page.blocks("text").get(0).replace("= ca.pem", "= " + folder.resolve("ca.pem"));
            return Files.writeString(
                    folder.resolve("deploy.options"),
                    text.replace("= intermediate-ca.pem", "= " + folder.resolve("intermediate-ca.pem")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Ended shell(String commands) {
        String adapted = commands.replace("--options=deploy.options", "--options=" + options());
        return script.bash("", List.of("bash", "-euc", adapted));
    }

    @Test
    void commands_ofTheScript_areUnderstood() {
        assertThat(page.commands("scripts/deploy")).hasSizeGreaterThan(8).allSatisfy(line -> {
            Ended ended = shell(line.replace("--dry-run", "") + " --dry-run");
            assertThat(ended.status()).as(line + ended.errors()).isZero();
        });
    }

    @Test
    void all_withTheOptionsOfThePage_makesEverything() {
        Ended ended = shell("scripts/deploy all --options=deploy.options");

        assertThat(ended.status()).as(ended.all()).isZero();
        assertThat(script.cloud.resource("run services", "token-service")).containsValue("X-Client-Cert-SPIFFE");
        assertThat(script.cloud.resource("iam workload-identity-pools", "my-pool"))
                .containsEntry("displayName", "My widgets");
    }

    @Test
    void rotation_ofTheProxySecret_endsWithTheNewOneAlone() {
        deployed();
        script.cloud.secrets.set(0, "old");
        List<String> blocks = page.section("Rotate the proxy secret").blocks("sh");

        Ended both = shell(blocks.get(0));

        assertThat(both.status()).as(both.all()).isZero();
        assertThat(script.cloud.secrets).containsExactly("old", SECRET + ",old");
        assertThat(script.cloud.resource("compute backend-services", "token-service-backend"))
                .containsValue("X-Token-Service-Proxy:" + SECRET);
        assertThat(script.cloud.resource("run services", "token-service"))
                .containsEntry("spec.template.spec.containers[0].env[8].valueFrom.secretKeyRef.key", "2");

        Ended one = shell(blocks.get(1));

        assertThat(one.status()).as(one.all()).isZero();
        assertThat(script.cloud.secrets).endsWith(SECRET);
        assertThat(script.cloud.resource("run services", "token-service"))
                .containsEntry("spec.template.spec.containers[0].env[8].valueFrom.secretKeyRef.key", "3");
        assertThat(script.calls).allSatisfy(call -> assertThat(call.words()).noneMatch(word -> word.contains(SECRET)));
    }

    @Test
    void overlay_forKubernetes_isBuiltByKubectl() throws Exception {
        Path overlay = Files.createDirectories(Path.of("target", "overlay"));
        Files.writeString(
                overlay.resolve("kustomization.yaml"),
                page.blocks("yaml").get(0).replace("../ops/kubernetes", "../../ops/kubernetes"));

        Command built = Command.run(
                Path.of("."),
                Map.of(),
                List.of(Programs.require("kubectl").toString(), "kustomize", overlay.toString()));

        assertThat(built.status()).as(built.complaint()).isZero();
        assertThat(built.output())
                .contains("TOKEN_ISSUER: https://tokens.example.org", "AUTH_FLOWS: mtls-client-credentials")
                .contains("image: registry.example.org/tools/token-service:");
    }
}
