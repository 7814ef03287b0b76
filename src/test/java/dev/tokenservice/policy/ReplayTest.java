package dev.tokenservice.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tokenservice.authentication.AuthenticationFactory;
import dev.tokenservice.identity.Attribute;
import dev.tokenservice.identity.ClientAttribute;
import dev.tokenservice.oauth.TokenRequest;
import dev.tokenservice.policy.Replay.Change;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String TIME = "2026-11-30T12:00:00Z";

    private static final String POLICY = """
            version: 1
            relyingParties:
              google: {profile: google}
              aws: {audience: sts.amazonaws.com}
            rules:
              - {name: lost, match: {sha256: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA}, deny: lost}
              - {name: emails, match: {email: "*@example.com"}, deny: mail}
              - name: robots
                match: {dns: "*.example.com"}
                when: now < timestamp("2026-12-01T00:00:00Z")
                allow: {relyingParties: [aws]}
            """;

    @TempDir
    private Path folder;

    private final List<String> lines = new ArrayList<>();

    private static ClientFacts client(String dns) {
        Map<ClientAttribute, Attribute<?>> known = new EnumMap<>(ClientAttribute.class);
        known.put(ClientAttribute.ID, Attribute.of(dns));
        known.put(ClientAttribute.AUTHORITY, Attribute.of("default"));
        known.put(ClientAttribute.DNS, Attribute.of(List.of(dns)));
        known.put(ClientAttribute.SHA256, Attribute.of("B".repeat(42) + "A"));
        known.put(ClientAttribute.NOT_AFTER, Attribute.of(Instant.parse("2027-01-01T00:00:00Z")));
        return new ClientFacts(
                attribute -> attribute == ClientAttribute.URIS
                        ? Attribute.unknown()
                        : known.getOrDefault(attribute, Attribute.absent()),
                Set.of());
    }

    private static TokenRequest request() {
        return new TokenRequest(
                Optional.empty(), Optional.empty(), Optional.empty(), List.of(), Optional.empty(), false);
    }

    private void line(String decision, String reason, String time, String id, Map<String, ?> inputs)
            throws IOException {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("time", time);
        line.put("decision", decision);
        line.put("reason_code", reason);
        line.put("client_id", id);
        line.put("rule", "any");
        line.put("inputs", inputs);
        lines.add(JSON.writeValueAsString(line));
    }

    private Replay.Report replay() throws IOException {
        Path policy = Files.writeString(folder.resolve("policy.yml"), POLICY);
        Path audit = Files.write(folder.resolve("audit.log"), lines);
        return new Replay(new PolicyFile(policy, PolicyContext.NONE, Clock.systemUTC()).get(), PolicyContext.NONE)
                .read(audit);
    }

    private static Map<String, Object> inputs(String dns) {
        return AuditInputs.of(client(dns), request(), "sts.amazonaws.com");
    }

    @Test
    void inputs_areReadAsTheyWereWritten() throws IOException {
        JsonNode written = JSON.valueToTree(inputs("a.example.com"));
        ClientFacts read = new RecordedClient(written).facts();

        assertThat(Stream.of(ClientAttribute.values()))
                .allSatisfy(attribute -> assertThat(read.apply(attribute))
                        .describedAs(attribute.key())
                        .isEqualTo(client("a.example.com").apply(attribute)));
    }

    @Test
    void changes_areTheDifferencesBetweenThenAndTheNewPolicy() throws IOException {
        line("issued", "", TIME, "a.example.com", inputs("a.example.com"));
        line("issued", "", TIME, "a.example.org", inputs("a.example.org"));
        line("issued", "", TIME, "a.example.org", inputs("a.example.org"));
        line("refused", "policy", TIME, "b.example.com", inputs("b.example.com"));
        line("refused", "policy", "2026-12-02T12:00:00Z", "b.example.com", inputs("b.example.com"));
        line("refused", "rate", TIME, "c.example.com", inputs("c.example.com"));
        line("refused", "google_unavailable", TIME, "d", inputs("d"));
        lines.add("{\"message\":\"the service starts\"}");

        Replay.Report report = replay();

        assertThat(report.changes())
                .containsOnly(
                        Map.entry(new Change(false, "a.example.org", "aws", "none"), 2),
                        Map.entry(new Change(true, "b.example.com", "aws", "robots"), 1));
        assertThat(report.judged()).isEqualTo(6);
        assertThat(report.others()).isEqualTo(2);
        assertThat(report.notJudged()).isEmpty();
    }

    /** What a rule reads must not be guessed. */
    @Test
    void attributeThatWasCut_isNotJudgedWhereARuleReadsIt() throws IOException {
        Map<String, Object> known = new LinkedHashMap<>(inputs("a.example.com"));
        known.put("cut", List.of("client.subject"));
        line("issued", "", TIME, "a", known);
        known.remove("client.dns");
        known.put("cut", List.of("client.dns"));
        line("issued", "", TIME, "a", known);
        lines.add("not JSON");
        line("issued", "", "yesterday", "a", known);

        Replay.Report report = replay();

        assertThat(report.judged()).isEqualTo(1);
        assertThat(report.notJudged())
                .containsOnly(
                        Map.entry("an attribute that a rule reads was cut: client.dns", 1),
                        Map.entry("the line is not JSON", 1),
                        Map.entry("the line has no time", 1));
    }

    @Test
    void inputs_areCutWhereTheyAreTooLong() {
        Map<ClientAttribute, Attribute<?>> known = Map.of(
                ClientAttribute.ID, Attribute.of("a"),
                ClientAttribute.DNS, Attribute.of(Collections.nCopies(64, "x".repeat(200))),
                ClientAttribute.URIS, Attribute.of(Collections.nCopies(64, "y".repeat(2000))));
        ClientFacts client = new ClientFacts(attribute -> known.getOrDefault(attribute, Attribute.absent()), Set.of());

        Map<String, Object> inputs = AuditInputs.of(client, request(), "aud");

        assertThat(inputs).containsEntry("client.id", "a").containsEntry("cut", List.of("client.uris", "client.dns"));
        assertThat(inputs.toString()).hasSizeLessThan(8 * 1024);
    }

    @Test
    void manyLines_areReplayed_andAgreeWithCases() throws IOException {
        for (int i = 0; i < 20_000; i++) {
            String id = "c" + i % 1000 + (i % 2 == 0 ? ".example.com" : ".example.org");
            line("issued", "", TIME, id, inputs(id));
        }

        Replay.Report report = replay();

        assertThat(report.judged()).isEqualTo(20_000);
        assertThat(report.changes()).hasSize(500).allSatisfy((change, count) -> {
            assertThat(change.gains()).isFalse();
            assertThat(change.client()).endsWith(".example.org");
            assertThat(count).isEqualTo(20);
        });
        Path cases = Files.writeString(folder.resolve("cases.yml"), """
                cases:
                  - {name: com, client: {id: a, dns: c0.example.com}, request: {audience: sts.amazonaws.com},
                     now: "%1$s", expect: {decision: allow, rule: robots}}
                  - {name: org, client: {id: b, dns: c1.example.org}, request: {audience: sts.amazonaws.com},
                     now: "%1$s", expect: {decision: deny, rule: none}}
                """.formatted(TIME));
        assertThat(new PolicyCases(
                                folder.resolve("policy.yml"),
                                PolicyContext.NONE,
                                new AuthenticationFactory().clientChecks(),
                                Clock.systemUTC())
                        .run(cases))
                .allMatch(CaseResult::passed);
    }
}
