package dev.tokenservice.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The closed set of reason codes: each is given by the service, met by a test, and on the page for operators. */
class ReasonCodeTest {

    private static String sources(String folder) throws IOException {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.walk(Path.of(folder))) {
            for (Path file : files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !List.of("ReasonCode.java", "ReasonCodeTest.java", "RefusalTest.java")
                            .contains(file.getFileName().toString()))
                    .toList()) {
                text.append(Files.readString(file));
            }
        }
        return text.toString();
    }

    private static boolean gives(String sources, ReasonCode reason) {
        return Pattern.compile("ReasonCode\\." + reason.name() + "\\b")
                .matcher(sources)
                .find();
    }

    @Test
    void code_isGivenBySomeRefusal() throws IOException {
        String sources = sources("src/main/java");

        assertThat(ReasonCode.values())
                .allSatisfy(reason ->
                        assertThat(gives(sources, reason)).as(reason.code()).isTrue());
    }

    @Test
    void code_isMetByATest() throws IOException {
        String tests = sources("src/test/java");

        assertThat(ReasonCode.values())
                .allSatisfy(reason -> assertThat(tests.contains("\"" + reason.code() + "\"")
                                || tests.contains("reason_code=\\\"" + reason.code() + "\\\"")
                                || gives(tests, reason))
                        .as(reason.code())
                        .isTrue());
    }

    @Test
    void code_isOnThePageForOperators() throws IOException {
        String page = Files.readString(Path.of("docs/monitoring.md"));

        assertThat(ReasonCode.values()).allSatisfy(reason -> assertThat(page).contains("`" + reason.code() + "`"));
    }
}
