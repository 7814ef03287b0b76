package dev.tokenservice.mistakes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.mistakes.Page.Entry;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.TestDoctor.Diagnosis;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Makes every mistake that {@code docs/troubleshooting.md} names, and holds the page to what is seen of it: each text that the
 * page quotes was said, and what is at fault has its name in the log and, where doctor can see it, in doctor's finding.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("scripts-and-pages")
class MistakesIT {

    /** {@code 401 `invalid_client`: `…`}. */
    private static final Pattern ANSWER = Pattern.compile("(\\d{3}) `([a-z_]+)`: .*");

    /** {@code FAIL `signing`: `…`; remedy: `…`}: the command's, or, from outside, the script's. */
    private static final Pattern FINDING = Pattern.compile("(?:from outside: )?(WARN|FAIL) `([a-z-]+)`: .*");

    private static final String CANNOT_SEE = "cannot see it: ";
    private static final String NO_START = "the service does not start";
    private static final String NO_REQUEST = "nothing yet";
    private static final String NO_HANDSHAKE = "the TLS handshake fails";

    private final Map<String, Entry> entries =
            Page.read().entries().stream().collect(Collectors.toMap(Entry::title, Function.identity()));

    private TestGoogleCloud cloud;
    private LoadBalancerMistakes loadBalancer;
    private TlsMistakes tls;
    private ClientMistakes clients;
    private PolicyMistakes policies;
    private List<Mistake> mistakes;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        cloud = new TestGoogleCloud(folder);
        loadBalancer = new LoadBalancerMistakes(folder);
        tls = new TlsMistakes(folder);
        clients = new ClientMistakes();
        policies = new PolicyMistakes(folder);
        mistakes = Stream.of(
                        new ConfigurationMistakes(folder).all(),
                        new CredentialMistakes(cloud, folder).all(),
                        new GoogleMistakes(cloud, folder).all(),
                        loadBalancer.all(),
                        tls.all(),
                        new RevocationMistakes(folder).all(),
                        policies.all(),
                        new AuthorityMistakes(folder).all(),
                        clients.all())
                .flatMap(all -> all)
                .toList();
    }

    @AfterAll
    void stop() {
        cloud.close();
        loadBalancer.close();
        tls.close();
        clients.close();
        policies.close();
    }

    List<Mistake> mistakes() {
        return mistakes;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void mistake_made_showsWhatThePageSays(Mistake mistake) throws Exception {
        Entry entry = Optional.ofNullable(entries.get(mistake.title()))
                .orElseThrow(() -> new AssertionError("the page has no heading " + mistake.title()));
        cloud.restore();

        Symptoms symptoms = mistake.making().make();

        assertClient(entry, symptoms);
        String line = assertLog(entry, symptoms);
        assertNamed(entry, line);
        assertDoctor(entry, symptoms);
    }

    private static void assertClient(Entry entry, Symptoms symptoms) {
        if (symptoms.answer().isEmpty()) {
            assertThat(entry.client()).isIn(NO_START, NO_REQUEST, NO_HANDSHAKE);
            return;
        }
        Response answer = symptoms.answer().get();
        Matcher expected = ANSWER.matcher(entry.client());
        assertThat(expected.matches())
                .as("answer of the form 401 `invalid_client`: …; it is %s", answer)
                .isTrue();
        assertThat(answer.status()).as(answer.body()).isEqualTo(Integer.parseInt(expected.group(1)));
        assertThat(answer.text("error")).as(answer.body()).isEqualTo(expected.group(2));
        assertThat(answer.text("error_description"))
                .satisfies(said ->
                        assertQuoted(said, Quotation.codes(entry.client()).get(1)));
    }

    /** One line of the log says it all. */
    private static String assertLog(Entry entry, Symptoms symptoms) {
        List<String> quoted = Quotation.codes(entry.log());
        assertThat(quoted).as("quotations of the log").hasSize(1);
        List<String> saying = symptoms.log().stream()
                .filter(line -> Quotation.isFoundIn(line, quoted.get(0)))
                .toList();
        assertThat(saying).as("lines that say it, among %s", symptoms.log()).isNotEmpty();
        return saying.get(0);
    }

    private static void assertNamed(Entry entry, String said) {
        assertThat(Quotation.codes(entry.fault()))
                .as("what is at fault, in: %s", said)
                .isNotEmpty()
                .allMatch(name -> Quotation.isFoundIn(said, name));
    }

    private static void assertDoctor(Entry entry, Symptoms symptoms) {
        if (symptoms.diagnosis().isEmpty()) {
            assertThat(entry.doctor()).startsWith(CANNOT_SEE);
            return;
        }
        Diagnosis diagnosis = symptoms.diagnosis().get();
        Matcher expected = FINDING.matcher(entry.doctor());
        assertThat(expected.matches())
                .as(
                        "finding of the form FAIL `signing`: …; there are %s",
                        diagnosis.report().toPrettyString())
                .isTrue();
        List<String> quoted = Quotation.codes(entry.doctor());
        assertThat(quoted).as("name, evidence, and a remedy if there is one").hasSizeBetween(2, 3);
        String remedy = quoted.size() == 3 ? quoted.get(2) : "";
        String finding = diagnosis.of(expected.group(2)).stream()
                .filter(said -> said.result().equals(expected.group(1))
                        && Quotation.isFoundIn(said.evidence(), quoted.get(1))
                        && Quotation.isFoundIn(said.remedy(), remedy))
                .map(said -> said.evidence() + " " + said.remedy())
                .findFirst()
                .orElseThrow(() -> new AssertionError("doctor does not say " + entry.doctor() + " but "
                        + diagnosis.report().toPrettyString()));
        assertThat(Quotation.codes(entry.fault()))
                .as("what is at fault, in: %s", finding)
                .anyMatch(name -> Quotation.isFoundIn(finding, name));
    }

    private static void assertQuoted(String said, String quoted) {
        assertThat(Quotation.isFoundIn(said, quoted))
                .as("%s, as the page has it: %s", said, quoted)
                .isTrue();
    }

    @Test
    void page_entries_areTheMistakesThatAreMadeHere() {
        assertThat(Page.read().entries())
                .extracting(Entry::title)
                .containsExactlyInAnyOrderElementsOf(
                        mistakes.stream().map(Mistake::title).toList());
        assertThat(mistakes).hasSizeGreaterThanOrEqualTo(36);
    }

    @Test
    void page_everyEntry_hasARemedy() {
        assertThat(Page.read().entries())
                .allSatisfy(
                        entry -> assertThat(entry.remedy()).as(entry.title()).isNotEmpty());
    }

    @Test
    void page_tables_sayTheSameAsTheEntries() {
        assertThat(Page.read().rows())
                .isEqualTo(Page.read().entries().stream()
                        .map(entry ->
                                new Page.Row(entry.title(), entry.anchor(), shortened(entry.client()), entry.fault()))
                        .toList());
    }

    /** Status and code only. */
    private static String shortened(String client) {
        Matcher answer = ANSWER.matcher(client);
        return answer.matches() ? answer.group(1) + " `" + answer.group(2) + "`" : client;
    }
}
