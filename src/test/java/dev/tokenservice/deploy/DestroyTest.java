package dev.tokenservice.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.deploy.DeployScript.Ended;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code scripts/deploy --destroy} asks before it takes everything down. */
@Tag("scripts-and-pages")
class DestroyTest extends DeployedProject {

    private Ended destroy(String input, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("--destroy", "--project=my-project", "--region=europe-west1", "--pool=my-pool"));
        arguments.addAll(List.of(more));
        return script.runWith(input, arguments.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yes\n", "my-projec\n"})
    void destroy_withoutTheRightAnswer_deletesNothing(String input) {
        deployed();

        Ended ended = destroy(input);

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.errors()).contains("nothing was deleted");
        assertThat(script.changes()).isEmpty();
    }

    @Test
    void destroy_confirmed_takesEverythingDownAndCanBeRepeated() {
        deployed();

        Ended ended = destroy("my-project\n");

        assertThat(ended.status()).as(ended.all()).isZero();
        assertThat(script.changes()).hasSize(16).allMatch(verb -> verb.endsWith(" delete"));
        assertThat(script.changes().get(0)).isEqualTo("gcloud compute forwarding-rules delete");
        script.calls.clear();
        assertThat(destroy("", "--yes").status()).isZero();
        assertThat(script.changes()).isEmpty();

        deployed();
        assertThat(script.cloud.resource("iam workload-identity-pools", "my-pool"))
                .doesNotContainKey("state");
    }
}
