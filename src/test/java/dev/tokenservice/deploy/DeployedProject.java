package dev.tokenservice.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.deploy.DeployScript.Ended;
import dev.tokenservice.testing.TestAuthority;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A project in which {@code scripts/deploy all} has run, for tests that run it again. */
abstract class DeployedProject {

    static final String ACCOUNT = "token-service@my-project.iam.gserviceaccount.com";

    @TempDir
    static Path folder;

    /** The run of {@code all} in an empty project, once for all tests: its calls, and what it made. */
    static DeployScript first;

    static Ended firstEnded;

    final DeployScript script = new DeployScript(folder);

    @BeforeAll
    static void deployOnce() {
        TestAuthority.write(
                folder.resolve("ca.pem"), TestAuthority.root("Root CA").certificate());
        TestAuthority.write(
                folder.resolve("two.pem"),
                TestAuthority.root("One CA").certificate(),
                TestAuthority.root("Other CA").certificate());
        try (DeployScript script = new DeployScript(folder)) {
            first = script;
            firstEnded = deploy(script, "all");
            assertThat(firstEnded.status()).as(firstEnded.all()).isZero();
        }
    }

    @AfterEach
    void stop() {
        script.close();
    }

    /** Runs a step with what a deployment needs. */
    final Ended deploy(String step, String... more) {
        return deploy(script, step, more);
    }

    private static Ended deploy(DeployScript script, String step, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                step,
                "--project=my-project",
                "--region=europe-west1",
                "--fqdn=token-service.example.com",
                "--pool=my-pool",
                "--pool-name=My widgets' pool",
                "--ca=" + folder.resolve("ca.pem"),
                "--intermediate-ca=" + folder.resolve("two.pem")));
        arguments.addAll(List.of(more));
        return script.run(arguments.toArray(String[]::new));
    }

    /** As after {@code all}. */
    final void deployed() {
        script.cloud.copy(first.cloud);
    }
}
