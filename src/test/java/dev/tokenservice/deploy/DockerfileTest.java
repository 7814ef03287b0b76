package dev.tokenservice.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the Dockerfile says, against the files that it needs and the builders that read it. */
class DockerfileTest {

    private static final Pattern VERSION = Pattern.compile("<artifactId>token-service</artifactId>\\s*<version>(.+?)<");
    private static final Pattern COPY = Pattern.compile("(?m)^COPY (?!--from)(.+)$");

    private final String dockerfile = read("Dockerfile");

    @Test
    void copiedFiles_areInTheCheckout() {
        assertThat(copied())
                .isNotEmpty()
                .allSatisfy(path -> assertThat(Path.of(path)).exists());
    }

    @Test
    void dockerignore_letsThroughWhatIsCopied_andNothingElse() {
        List<String> lines = read(".dockerignore").lines().toList();
        List<String> admitted = lines.stream()
                .filter(line -> line.startsWith("!"))
                .map(line -> line.substring(1))
                .toList();

        assertThat(lines).contains("*");
        assertThat(copied()).allMatch(copy -> admitted.stream().anyMatch(Path.of(copy)::startsWith));
        assertThat(admitted)
                .allMatch(
                        path -> copied().stream().anyMatch(copy -> Path.of(copy).startsWith(path)));
    }

    @Test
    void syntax_isKnownToEveryBuilder() {
        assertThat(dockerfile).doesNotContain("--mount", "--chmod", "--link", "--parents", "<<", "# syntax=");
    }

    @Test
    void build_runsNoTest() {
        Stream<String> maven = dockerfile.lines().filter(line -> line.contains("mvn -B"));

        assertThat(maven).hasSize(2).allMatch(line -> line.contains(" -Dmaven.test.skip "));
    }

    @Test
    void image_runsWithoutRoot_inUtf8() {
        assertThat(dockerfile.lines()).contains("USER 10001:10001", "ENV LANG=C.UTF-8");
    }

    @Test
    void label_namesTheVersionOfThePom() {
        String version = VERSION.matcher(read("pom.xml"))
                .results()
                .findFirst()
                .orElseThrow()
                .group(1);

        assertThat(dockerfile).contains("org.opencontainers.image.version=\"" + version + "\"");
    }

    private List<String> copied() {
        return COPY.matcher(dockerfile)
                .results()
                .map(MatchResult::group)
                .map(line -> line.split(" "))
                .flatMap(words -> Arrays.stream(words, 1, words.length - 1))
                .toList();
    }

    private static String read(String path) {
        try {
            return Files.readString(Path.of(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
