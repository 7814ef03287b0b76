package dev.tokenservice.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.oauth.OAuthError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds the README's tables to what the service really has. */
class ReadmeTest {

    private static final Pattern DEPENDENCY =
            Pattern.compile("<dependency>\\s*<groupId>[^<]*</groupId>\\s*<artifactId>([^<]+)<");

    private final String readme = read("README.md");

    @Test
    void readme_everyErrorCode_isInTheTableOfErrors() {
        for (OAuthError error : OAuthError.values()) {
            assertThat(readme).containsPattern("\\| .*" + error.status() + ".* \\| `" + error.code() + "` \\|");
        }
    }

    @Test
    void readme_everyDirectDependency_hasAReason() {
        String own = read("pom.xml")
                .replaceFirst("(?s)^.*</dependencyManagement>", "")
                .replaceFirst("(?s)<build>.*$", "");
        List<String> dependencies = DEPENDENCY
                .matcher(own)
                .results()
                .map(dependency -> "`" + dependency.group(1) + "`")
                .toList();

        assertThat(dependencies).hasSizeGreaterThan(10);
        assertThat(readme).contains(dependencies);
    }

    private static String read(String name) {
        try {
            return Files.readString(Path.of(name));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
