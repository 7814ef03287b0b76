package dev.tokenservice.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One term for one thing, in every text that a user or a reader of the code can meet: pages, scripts, examples, manifests,
 * config.yml, and the comments and string literals of the program. The literals are its messages.
 */
class GlossaryTest {

    /** A term, and what is written otherwise; the pattern sees the text with every run of white space as one space. */
    private record Term(String write, Pattern not) {
        Term(String write, String not) {
            this(write, Pattern.compile(not, Pattern.CASE_INSENSITIVE));
        }
    }

    private static final List<Term> TERMS = List.of(
            // "ends" is the word for a process, a line or a section.
            new Term(
                    "expires, expired, expiry",
                    "\\b(what ends|is over|(until|before|when|after) (it|they|these|one) ends?"
                            + "|(?-i:(token|certificate|list|authority|key)s? ends?))\\b"),
            // Bad Request and Bad Gateway are names of HTTP statuses.
            new Term("valid, invalid, current", "\\b(good|bad(?! (request|gateway))|(un)?sound|that counts?)\\b"),
            new Term("fix, correct", "\\b(mend(s|ed|ing)?|puts? (it |them )?right)\\b"),
            new Term("retry, backoff, jitter", "\\b(repetitions?|pauses?|some chance in it)\\b"),
            new Term("immediately, at the same time", "\\bat once\\b"),
            new Term("always, permanently", "\\bfor ?ever\\b"),
            new Term("in addition, also", "\\bbesides\\b"),
            new Term("calls to the IAM Credentials API", "\\bcalls? of Google\\b"),
            new Term("user credentials", "\\b(a person's own|credentials of a person)\\b"),
            new Term("may, is allowed to", "\\b(may have (what|it)|(has|have) leave|leave (to|for))\\b"),
            new Term(
                    "unknown, known",
                    "\\b(that there (is|are) not|those that there are|there (is|are) not|every \\w+ (that )?there is)\\b"),
            new Term("anyone, anybody who", "\\bwhoever\\b"),
            // "waiting" is the word for a thread or a request that waits.
            new Term("load, in flight, queued, busy", "\\bunder way\\b"),
            new Term(
                    "start-up, shutdown, restart",
                    "\\b(the|at|each|every|a|next|before|after|of|short) starts?\\b(?! ([Aa]n?|the|of|to|with)\\b)(?!-)"
                            + "|\\bthe stop\\b"),
            new Term("outbound access", "\\bway out\\b"),
            // "change" is the word for everything that is not a key.
            new Term("rotate, publish, retire, revoke", "\\bcomes? last\\b"),
            new Term("roll out, roll back, upgrade", "\\b(back goes|before you switch|switching, and back)\\b"),
            new Term("monitoring", "\\bwatching\\b"),
            new Term(
                    "forwarded certificate", "\\b(passed certificates?|passe[sd] (on )?(the|its?|a) certificates?)\\b"),
            new Term("access log", "\\brequest lines?\\b"),
            new Term("placeholder, space", "\\bblanks?\\b"),
            new Term("probe, scan", "\\b(try|tries|tried) doors\\b"),
            new Term("is not an X", "(?<!\\bthere )\\b(is|are) no\\b(?! (longer|more)\\b)"));

    private static final Pattern LITERAL = Pattern.compile("\"\"\"(?s:.*?)\"\"\"|\"(?:[^\"\\\\\\n]|\\\\.)*\"");
    private static final Pattern CONCATENATION = Pattern.compile("\"\\s*\\+\\s*\"");
    private static final Pattern COMMENT_MARK = Pattern.compile("\\n\\s*(?:#+|//|/?\\*+/?) ?");
    private static final Pattern COMMENT = Pattern.compile("(?s:/\\*.*?\\*/)|(?m:^[ \\t]*//.*$)(?:\\n[ \\t]*//.*)*");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "README.md",
                "CONTRIBUTING.md",
                "SECURITY.md",
                "CHANGELOG.md",
                "config.yml",
                "Dockerfile",
                "docs",
                "examples",
                "ops",
                "scripts",
                "src/main/resources",
                ".ci",
                ".github"
            })
    void text_ofThePlace_hasTheTermsOfTheGlossary(String place) throws IOException {
        for (Path file : files(Path.of(place))) {
            check(file, withoutMarks(read(file)));
        }
    }

    @Test
    void messages_ofTheProgram_haveTheTermsOfTheGlossary() throws IOException {
        for (Path file : files(Path.of("src/main/java"))) {
            check(file, all(LITERAL, CONCATENATION.matcher(read(file)).replaceAll("")));
        }
    }

    @Test
    void comments_ofTheProgram_haveTheTermsOfTheGlossary() throws IOException {
        for (Path file : files(Path.of("src/main/java"))) {
            check(file, withoutMarks(all(COMMENT, read(file))));
        }
    }

    private static String withoutMarks(String text) {
        return COMMENT_MARK.matcher(text).replaceAll("\n");
    }

    private static String all(Pattern part, String text) {
        return part.matcher(text).results().map(MatchResult::group).collect(Collectors.joining("\n"));
    }

    private static void check(Path file, String text) {
        String line = text.replaceAll("\\s+", " ");
        for (Term term : TERMS) {
            assertThat(term.not().matcher(line).results().map(match -> around(line, match)))
                    .as("%s; write: %s", file, term.write())
                    .isEmpty();
        }
    }

    private static String around(String line, MatchResult match) {
        return line.substring(Math.max(0, match.start() - 40), Math.min(line.length(), match.end() + 40));
    }

    private static List<Path> files(Path place) throws IOException {
        try (Stream<Path> files = Files.walk(place)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
