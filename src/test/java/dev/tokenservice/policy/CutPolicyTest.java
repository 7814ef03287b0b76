package dev.tokenservice.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.files.UnusableFileException;
import dev.tokenservice.identity.Attribute;
import dev.tokenservice.identity.ClientAttribute;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.policy.cel.Facts;
import dev.tokenservice.testing.TestAuthority;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A policy, or a set of it, that was cut off at any byte is refused, or allows no more than the whole. */
class CutPolicyTest {

    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

    private static final String POLICY = """
            version: 1
            relyingParties:
              aws: {audience: sts.amazonaws.com}
              billing: {audience: "https://billing.example.com"}
            sets:
              blocked: {file: blocked.csv, key: id}
            rules:
              - name: blocked
                match: {in: {blocked: client.id}}
                deny: reported
              - name: by-name
                match:
                  cn:
                    - one
                    - two
                when: client.id == "one" &&
                  client.o == "Example"
                allow: {relyingParties: [aws], tokenValidity: 100m, rateLimit: {tokens: 100, per: 10m}}
              - name: shadow
                mode: shadow
                allow: {relyingParties: [aws, billing], scopes: any}
              - name: rest
                match: {cn: three}
                when: client.o == "Other" && client.id != "three"
                allow:
                  relyingParties: [aws]
                  scopes:
                    - one
                    - "two"
            """;

    /** With the keys in the order of the alphabet. */
    private static final String SORTED = """
            relyingParties:
              aws: {audience: sts.amazonaws.com}
              billing: {audience: "https://billing.example.com"}
            rules:
              - deny: reported
                match: {in: {blocked: client.id}}
                name: blocked
              - allow:
                  relyingParties: [aws]
                match: {cn: one}
                name: by-name
                when: client.o == "Example"
              - allow:
                  relyingParties: [aws, billing]
                mode: shadow
                name: shadow
            sets:
              blocked: {file: blocked.csv, key: id}
            version: 1
            """;

    /** Each with a line for each key, and on one line. */
    private static final List<List<String>> SECTIONS = List.of(
            List.of(
                    "authorities:\n  factory:\n    trustBundle: factory.pem\n    trustDomains: [factory.example]\n",
                    "authorities: {factory: {trustBundle: factory.pem}}\n"),
            List.of("forwardedSummaries: refuse\n", "forwardedSummaries: trusted # by the load balancer\n", ""),
            List.of(
                    "relyingParties:\n  aws:\n    audience: sts.amazonaws.com\n    tokenValidity: 2m\n",
                    "relyingParties: {aws: {audience: sts.amazonaws.com}, billing: {audience: billing}}\n"),
            List.of("mode: shadow\n", "", ""),
            List.of("sets: {blocked: {file: blocked.csv, key: id}}\n", ""),
            List.of(
                    "rules: allow-all\n",
                    "rules: 'allow-all' # everything\n",
                    "rules:\n  allow-all\n",
                    "rules: []\n",
                    "rules: [{name: a, match: {cn: two}, deny: no}, {name: b, allow: {relyingParties: [aws]}}]\n",
                    "rules:\n  - {name: a, match: {cn: two}, deny: no}\n  - {name: b, allow: {relyingParties: [aws]}}\n",
                    """
                    rules:
                    - name: a
                      match:
                        cn: two
                      deny: no
                    - name: b
                      when: >
                        client.id == 'one' ||
                        client.o == 'Other'
                      allow:
                        relyingParties:
                        - aws
                    """,
                    "rules:\n- deny: it's\n  name: a\n  match: {cn: two}\n"
                            + "- name: b\n  allow: {relyingParties: [aws]}"));

    @TempDir
    private Path folder;

    private Optional<Rules> rules(byte[] policy, String blocked) throws IOException {
        Files.writeString(folder.resolve("blocked.csv"), blocked);
        Path file = Files.write(folder.resolve("policy.yml"), policy);
        try {
            return new PolicyFile(file, PolicyContext.NONE, Clock.systemUTC())
                    .get()
                    .rules();
        } catch (UnusableFileException e) {
            return Optional.of(new Rules(List.of(), false));
        }
    }

    /** Everything that a few clients can get, with its limits. */
    private static List<String> allowed(Rules rules) {
        List<String> allowed = new ArrayList<>();
        for (String name : List.of("one", "two", "three", "four")) {
            for (String organization : List.of("Example", "Other")) {
                for (String party : List.of("aws", "billing")) {
                    for (List<String> scopes : List.of(List.<String>of(), List.of("one"), List.of("two"))) {
                        ClientFacts client = client(name, organization);
                        Rules.Ruling ruling =
                                rules.decide(client, new Facts.Request("a", party, scopes, Attribute.absent()), NOW);
                        ruling.grant()
                                .ifPresent(grant -> allowed.add(String.join(" ", name, organization, party)
                                        + scopes
                                        + grant.tokenValidity().map(Duration::toString)
                                        + grant.rateLimit()));
                    }
                }
            }
        }
        return allowed;
    }

    private static ClientFacts client(String name, String organization) {
        Map<ClientAttribute, Attribute<?>> client = Map.of(
                ClientAttribute.ID, Attribute.of(name.equals("three") ? "3" : name),
                ClientAttribute.CN, Attribute.of(name),
                ClientAttribute.O, Attribute.of(organization));
        return new ClientFacts(attribute -> client.getOrDefault(attribute, Attribute.absent()), Set.of());
    }

    private Optional<Policy> policy(byte[] text) throws IOException {
        try {
            return Optional.of(new PolicyFile(
                            Files.write(folder.resolve("policy.yml"), text), PolicyContext.NONE, Clock.systemUTC())
                    .get());
        } catch (UnusableFileException e) {
            return Optional.empty();
        }
    }

    /** Everything that narrows who gets what, and that a policy without rules says. */
    private static List<Object> frame(Policy policy) {
        Object summaries;
        try {
            summaries = policy.ofSummary();
        } catch (RefusedException e) {
            summaries = "refused";
        }
        return List.of(
                policy.names(),
                policy.relyingParties().map(RelyingParties::names),
                summaries,
                policy.rules().isEmpty(),
                policy.rules().map(Rules::shadow));
    }

    private static void assertNoMore(Policy part, Policy whole, String place) {
        List<Object> frame = new ArrayList<>(frame(whole));
        if (whole.rules().filter(Rules::shadow).isPresent()) {
            // Without mode the rules are enforced, which is less.
            frame.set(4, part.rules().map(Rules::shadow));
        }
        assertThat(frame(part)).describedAs(place).isEqualTo(frame);
        part.rules()
                .ifPresent(rules -> assertThat(allowed(whole.rules().orElseThrow()))
                        .describedAs(place)
                        .containsAll(allowed(rules)));
    }

    /** Keys in any order; of some orders the policy warns, or they are refused. */
    @Test
    void partOfAPolicyOfAnyShape_allowsNoMoreThanTheWhole() throws IOException {
        TestAuthority.write(
                folder.resolve("factory.pem"), TestAuthority.root("Factory").certificate());
        Files.writeString(folder.resolve("blocked.csv"), "id\ntwo\n");
        Random random = new Random(1);
        int accepted = 0;
        for (int shape = 0; shape < 200; shape++) {
            List<String> keys = new ArrayList<>(List.of("version: 1\n"));
            SECTIONS.forEach(variants -> keys.add(variants.get(random.nextInt(variants.size()))));
            Collections.shuffle(keys, random);
            String text = String.join("", keys);
            Optional<Policy> whole = policy(text.getBytes(StandardCharsets.UTF_8));
            if (whole.filter(read -> read.warnings().isEmpty()).isEmpty()) {
                continue;
            }
            accepted++;
            for (int length = Math.max(0, text.indexOf("rules:")); length < text.length(); length++) {
                String part = text.substring(0, length);
                policy(part.getBytes(StandardCharsets.UTF_8))
                        .ifPresent(read -> assertNoMore(read, whole.get(), "'" + part + "' of '" + text + "'"));
            }
        }
        assertThat(accepted).isGreaterThan(10);
    }

    @ParameterizedTest
    @ValueSource(strings = {POLICY, SORTED})
    void partOfAPolicy_allowsNoMoreThanTheWhole(String policy) throws IOException {
        byte[] whole = policy.getBytes(StandardCharsets.UTF_8);
        List<String> most = allowed(rules(whole, "id\ntwo\n").orElseThrow());
        assertThat(most).isNotEmpty();

        for (int length = 0; length < whole.length; length++) {
            Optional<Rules> part = rules(Arrays.copyOf(whole, length), "id\ntwo\n");
            assertThat(part)
                    .describedAs("after %d bytes there are rules", length)
                    .isPresent();
            assertThat(most).describedAs("after %d bytes", length).containsAll(allowed(part.get()));
        }
    }
}
