package dev.tokenservice.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.testing.MarkdownPage;
import dev.tokenservice.testing.MarkdownPage.Step;
import dev.tokenservice.testing.Programs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each command of the tutorials, and of the move to a policy, is run, and prints what the page says; {@code …} stands for what differs. */
@Tag("scripts-and-pages")
class TutorialsIT {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"tutorial-fleet", "tutorial-mesh", "tutorial-clouds"})
    void commands_ofThePage_printWhatItSays(String page) throws IOException {
        assertPrintsWhatItSays(MarkdownPage.read("docs/" + page + ".md"));
    }

    @Test
    void commands_ofTheMoveToAPolicy_printWhatThePageSays() throws IOException {
        assertPrintsWhatItSays(MarkdownPage.read("docs/upgrading.md").section("Move from settings to a policy"));
    }

    private void assertPrintsWhatItSays(MarkdownPage page) throws IOException {
        Programs.require("jq");
        List<Step> steps = page.steps();

        List<String> printed = new PageShell(folder).run(steps);

        for (int at = 0; at < steps.size(); at++) {
            assertThat(printed)
                    .as("what ended in or before: %s", steps.get(at).commands())
                    .hasSizeGreaterThan(at + 1);
            if (steps.get(at).printed().isPresent()) {
                assertThat(printed.get(at).strip())
                        .as(steps.get(at).commands())
                        .matches(pattern(steps.get(at).printed().get().strip()));
            }
        }
    }

    private static Pattern pattern(String text) {
        return Pattern.compile(
                Stream.of(text.split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".*?")));
    }
}
