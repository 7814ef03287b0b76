package dev.tokenservice.mistakes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.policy.PolicyContext;
import dev.tokenservice.policy.PolicyFile;
import dev.tokenservice.policy.PolicyFile.Problems;
import dev.tokenservice.testing.MarkdownPage;
import dev.tokenservice.testing.TestAuthority;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each message about a policy file has a row in {@code docs/troubleshooting.md}, and each row is what some policy is told. */
class PolicyMessagesTest {

    private static final Map<String, String> SETS = Map.ofEntries(
            Map.entry("devices.csv", "serial,state,line\n01,active,seven\n"),
            Map.entry("twice.csv", "serial,state\n01,active\n01,lost\n"),
            Map.entry("empty.csv", ""),
            Map.entry("bom.csv", "\uFEFFserial\n01\n"),
            Map.entry("columns-twice.csv", "serial,serial\n01,02\n"),
            Map.entry("column-name.csv", "serial,2nd\n01,02\n"),
            Map.entry("fields.csv", "serial,state\n01\n"),
            Map.entry("no-key.csv", "serial,state\n,active\n"),
            Map.entry("open-quote.csv", "serial\n\"01\n"),
            Map.entry("inner-quote.csv", "serial\n0\"1\n"),
            Map.entry("after-quote.csv", "serial\n\"01\"2\n"),
            Map.entry("control.csv", "serial\n0\u00071\n"),
            Map.entry("no-line-break.csv", "name\nrobot"),
            Map.entry("serials.csv", "serial\n1F\n"),
            Map.entry("negative-positive.csv", "serial\n80:05\n"),
            Map.entry("fingerprints.csv", "sha256\nAB:CD\n"),
            Map.entry("many-columns.csv", "serial" + ",c".repeat(100) + "\n"),
            Map.entry("text.pem", "CN=Example CA\n"));

    @TempDir
    private Path folder;

    private void writeFiles() throws IOException {
        for (Map.Entry<String, String> file : SETS.entrySet()) {
            Files.writeString(folder.resolve(file.getKey()), file.getValue());
        }
        Files.write(folder.resolve("latin1.csv"), "serial\n\u00e4\n".getBytes(StandardCharsets.ISO_8859_1));
        TestAuthority factory = TestAuthority.root("Factory CA");
        TestAuthority office = TestAuthority.root("Office CA");
        TestAuthority.write(folder.resolve("factory.pem"), factory.certificate());
        TestAuthority.write(folder.resolve("office.pem"), office.certificate());
        TestAuthority.write(folder.resolve("office.crl"), office.revoke(Duration.ofDays(1)));
        TestAuthority.write(
                folder.resolve("issuing.pem"),
                office.intermediate("Issuing CA", 0).certificate());
        TestAuthority.write(
                folder.resolve("client.pem"),
                office.client("spiffe://office.example/desk").certificate());
    }

    private static List<String> policies(String name) throws IOException {
        try (InputStream file = Objects.requireNonNull(PolicyMessagesTest.class.getResourceAsStream(name))) {
            return List.of(new String(file.readAllBytes(), StandardCharsets.UTF_8).split("====\n"));
        }
    }

    /** What is said of all these policies, without the places. */
    private List<String> messages() throws IOException {
        writeFiles();
        List<String> messages = new ArrayList<>();
        List<String> policies = new ArrayList<>(policies("refused-policies.txt"));
        policies.add("version: 1\nrules: \u0007\n");
        policies.add("version: 1\nrules:\n" + "- {deny: x}\n".repeat(10_001));
        policies.add("version: 1\nrules: []\nrelyingParties:\n"
                + IntStream.rangeClosed(0, 100)
                        .mapToObj(number -> "  p%1$d: {audience: a%1$d, keys: uploaded}\n".formatted(number))
                        .collect(Collectors.joining()));
        for (String text : policies) {
            Path policy = Files.writeString(folder.resolve("policy.yml"), text);
            Problems problems = new PolicyFile(policy, PolicyContext.NONE, Clock.systemUTC()).problems();
            List<String> found = Stream.concat(problems.wrong().stream(), problems.absent().stream())
                    .map(PolicyMessagesTest::withoutPlace)
                    .toList();
            assertThat(found).as(text).isNotEmpty();
            messages.addAll(found);
        }
        return messages;
    }

    private static String withoutPlace(String line) {
        return line.replaceFirst(".*policy\\.yml:\\d+:\\d+: ", "");
    }

    /** What is said of policies that are valid. */
    private List<String> warnings() throws IOException {
        writeFiles();
        List<String> policies = new ArrayList<>(policies("doubtful-policies.txt"));
        policies.add("version: 1\nrules:\n"
                + IntStream.range(0, 1_001)
                        .mapToObj(number -> "- {name: r%1$d, match: {cn: c%1$d}, deny: x}\n".formatted(number))
                        .collect(Collectors.joining()));
        List<String> warnings = new ArrayList<>();
        for (String text : policies) {
            Path policy = Files.writeString(folder.resolve("policy.yml"), text);
            new PolicyFile(policy, PolicyContext.NONE, Clock.systemUTC())
                    .get().warnings().stream()
                            .map(PolicyMessagesTest::withoutPlace)
                            .forEach(warnings::add);
        }
        return warnings;
    }

    private static List<String> quoted(String section) {
        return MarkdownPage.read("docs/troubleshooting.md").section(section).rows().stream()
                .flatMap(row -> Quotation.codes(row.get(0)).stream())
                .toList();
    }

    @Test
    void messages_areThoseOfThePage() throws IOException {
        assertQuoted(messages(), quoted("Messages about a policy file"));
    }

    @Test
    void warnings_areThoseOfThePage() throws IOException {
        assertQuoted(warnings(), quoted("Warnings about a policy file"));
    }

    private static void assertQuoted(List<String> messages, List<String> quotations) {
        assertThat(messages)
                .allSatisfy(message -> assertThat(quotations)
                        .as("the page has no row for: %s", message)
                        .anyMatch(quoted -> Quotation.isFoundIn(message, quoted)));
        assertThat(quotations)
                .allSatisfy(quoted -> assertThat(messages)
                        .as("no policy is told: %s", quoted)
                        .anyMatch(message -> Quotation.isFoundIn(message, quoted)));
    }
}
