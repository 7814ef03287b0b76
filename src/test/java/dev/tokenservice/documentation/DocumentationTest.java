package dev.tokenservice.documentation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.authentication.CertificateSourceFactory;
import dev.tokenservice.oauth.OAuthError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pages point to is there, and what they list is complete. */
class DocumentationTest {

    private static final Pattern CODE_BLOCK = Pattern.compile("(?ms)^ *```.*?^ *```");
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.+?) *$");
    private static final Pattern INDEX_ROW = Pattern.compile("(?m)^\\| \\[[^\\]]+\\]\\(([a-z-]+\\.md)\\) \\|");
    private static final Pattern TEST_CLASS = Pattern.compile("`([A-Z][A-Za-z0-9]*(?:Test|IT))`");
    private static final Pattern DEPENDENCY =
            Pattern.compile("<dependency>\\s*<groupId>[^<]*</groupId>\\s*<artifactId>([^<]+)<");

    /** Every page of the repository: those beside the sources, and none that a build made or brought. */
    static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>();
        for (String folder : List.of("docs", "examples", "ops", "scripts")) {
            if (Files.isDirectory(Path.of(folder))) {
                pages.addAll(files(folder, ".md"));
            }
        }
        try (Stream<Path> files = Files.list(Path.of(""))) {
            files.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
        }
        return pages;
    }

    @ParameterizedTest
    @MethodSource("pages")
    void page_everyRelativeLink_leadsSomewhere(Path page) {
        assertThat(links(page)).allSatisfy(link -> {
            Path target = link.startsWith("#") ? page : page.resolveSibling(link.replaceFirst("#.*", ""));
            assertThat(target).as("link %s", link).exists();
            if (link.contains("#")) {
                assertThat(anchors(target)).as("link %s", link).contains(link.replaceFirst(".*#", ""));
            }
        });
    }

    @ParameterizedTest
    @MethodSource("pages")
    void page_everyTestThatItNames_isThere(Path page) throws IOException {
        List<String> tests = files("src/test/java", ".java").stream()
                .map(file -> String.valueOf(file.getFileName()).replace(".java", ""))
                .toList();

        assertThat(tests).containsAll(matches(TEST_CLASS, read(page)));
    }

    @Test
    void api_everyErrorCode_isInTheTableOfErrors() {
        String page = read(Path.of("docs/api.md"));

        for (OAuthError error : OAuthError.values()) {
            assertThat(page).containsPattern("\\| .*" + error.status() + ".* \\| `" + error.code() + "` \\|");
        }
    }

    @Test
    void architecture_everyPackage_isInTheTable() throws IOException {
        String root = "src/main/java/dev/tokenservice/";
        List<String> packages = files(root, "package-info.java").stream()
                .map(file -> Path.of(root).relativize(file).getParent())
                .map(folder ->
                        folder == null ? "(root)" : "`" + folder.toString().replace('/', '.') + "`")
                .map(name -> "\n| " + name + " |")
                .toList();

        assertThat(packages).hasSizeGreaterThan(10);
        assertThat(read(Path.of("docs/architecture.md"))).contains(packages);
    }

    @Test
    void dependencies_everyDirectDependency_hasAReason() {
        String own = read(Path.of("pom.xml"))
                .replaceFirst("(?s)^.*</dependencyManagement>", "")
                .replaceFirst("(?s)<build>.*$", "");
        List<String> dependencies = matches(DEPENDENCY, own).stream()
                .map(artifact -> "`" + artifact + "`")
                .toList();

        assertThat(dependencies).hasSizeGreaterThan(10);
        assertThat(read(Path.of("docs/dependencies.md"))).contains(dependencies);
    }

    @Test
    void readme_everyFlow_isInTheTable() {
        List<String> flows = ServiceLoader.load(CertificateSourceFactory.class).stream()
                .map(flow -> "\n| `" + flow.get().flow() + "` |")
                .toList();

        assertThat(flows).hasSizeGreaterThan(5);
        assertThat(read(Path.of("README.md"))).contains(flows);
    }

    @Test
    void readme_length_isThatOfAFrontPage() {
        assertThat(read(Path.of("README.md")).lines().count()).isLessThanOrEqualTo(120);
    }

    @Test
    void index_everyPage_isLinked() throws IOException {
        List<String> pages = files("docs", ".md").stream()
                .map(file -> String.valueOf(file.getFileName()))
                .filter(name -> !name.equals("README.md"))
                .toList();

        assertThat(links(Path.of("README.md"))).contains("docs/README.md");
        assertThat(indexed()).containsExactlyInAnyOrderElementsOf(pages);
    }

    @Test
    void page_ofTheIndex_endsWithALinkToTheNext() {
        List<String> pages =
                Stream.concat(Stream.of("README.md"), indexed().stream()).toList();

        for (int at = 0; at + 1 < pages.size(); at++) {
            assertThat(read(Path.of("docs", pages.get(at))).stripTrailing())
                    .as("the last line of docs/%s", pages.get(at))
                    .containsPattern("\nNext: \\[[^\\]]+\\]\\(" + pages.get(at + 1) + "\\)$");
        }
    }

    /** The pages of the table in docs/README.md, in its order. */
    private static List<String> indexed() {
        return matches(INDEX_ROW, read(Path.of("docs/README.md")));
    }

    private static List<String> links(Path page) {
        return matches(LINK, CODE_BLOCK.matcher(read(page)).replaceAll("")).stream()
                .filter(link -> !link.matches("[a-z]+:.*"))
                .toList();
    }

    /** What GitHub makes of headings: small letters, no punctuation, hyphens for blanks. */
    private static Set<String> anchors(Path page) {
        return matches(HEADING, CODE_BLOCK.matcher(read(page)).replaceAll("")).stream()
                .map(heading -> heading.toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    private static List<String> matches(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }

    private static List<Path> files(String folder, String suffix) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(folder))) {
            return files.filter(file -> file.toString().endsWith(suffix)).toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
