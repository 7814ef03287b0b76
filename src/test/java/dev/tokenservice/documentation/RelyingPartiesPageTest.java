package dev.tokenservice.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.policy.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page has every limit of the code, and no other. */
class RelyingPartiesPageTest {

    @Test
    void page_hasEveryLimit() throws IOException {
        String table = Stream.of(Profile.values())
                .flatMap(RelyingPartiesPageTest::rows)
                .map(row -> row + "\n")
                .collect(Collectors.joining());

        assertThat(Files.readString(Path.of("docs/relying-parties.md")))
                .contains("| profile | algorithms | limit | source |\n|---|---|---|---|\n" + table + "\n")
                .contains("read on " + Profile.read());
    }

    private static Stream<String> rows(Profile profile) {
        String first =
                row(profile, String.join(", ", profile.algorithms()), "the algorithm", profile.algorithmsSource());
        return Stream.concat(
                Stream.of(first),
                profile.limits().stream()
                        .map(limit ->
                                row(profile, "", limit.measure().noun() + ": " + limit.allowed(), limit.source())));
    }

    private static String row(Profile profile, String algorithms, String limit, String source) {
        return "| `" + profile.label() + "` | " + algorithms + " | " + limit + " | <" + source + "> |";
    }
}
