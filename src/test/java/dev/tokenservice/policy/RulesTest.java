package dev.tokenservice.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.identity.Attribute;
import dev.tokenservice.identity.ClientAttribute;
import dev.tokenservice.policy.Rules.Ruling;
import dev.tokenservice.policy.cel.Facts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RulesTest {

    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private static final String SHA256 = "A".repeat(43);
    private static final String TWIN = "B".repeat(42) + "A";

    private static final String HEAD = """
            version: 1
            relyingParties:
              aws: {audience: sts.amazonaws.com, profile: aws}
              billing: {audience: https://billing.example.com}
            sets:
              devices: {file: devices.csv, key: serial}
              names: {file: names.csv, key: name}
              blocked: {file: blocked.csv, key: sha256}
            rules:
            """;

    @TempDir
    private Path folder;

    private final Map<ClientAttribute, Attribute<?>> client = new EnumMap<>(ClientAttribute.class);
    private Set<String> twins = Set.of();

    RulesTest() {
        client.put(ClientAttribute.ID, Attribute.of("spiffe://factory.example/line/7/a"));
        client.put(ClientAttribute.AUTHORITY, Attribute.of("default"));
        client.put(ClientAttribute.FLOW, Attribute.of("mtls"));
        client.put(ClientAttribute.SPIFFE, Attribute.of("spiffe://factory.example/line/7/a"));
        client.put(ClientAttribute.DNS, Attribute.of(List.of("a.Devices.example", "b.example")));
        client.put(ClientAttribute.URIS, Attribute.of(List.of("https://a.example/x/y")));
        client.put(ClientAttribute.EMAILS, Attribute.of(List.of("line-7@Plant.example")));
        client.put(ClientAttribute.IPS, Attribute.absent());
        client.put(ClientAttribute.SUBJECT, Attribute.of("CN=a,OU=Line 7,O=Example"));
        client.put(ClientAttribute.ISSUER, Attribute.of("CN=Factory,O=Example"));
        client.put(ClientAttribute.CN, Attribute.of("a"));
        client.put(ClientAttribute.O, Attribute.absent());
        client.put(ClientAttribute.SERIAL, Attribute.of("01:02"));
        client.put(ClientAttribute.SHA256, Attribute.of(SHA256));
    }

    private Rules rules(String rules) throws IOException {
        return policy(rules).rules().orElseThrow();
    }

    private Policy policy(String rules) throws IOException {
        Files.writeString(folder.resolve("devices.csv"), "serial,state,line\n01:02,active,seven\n03,lost,eight\n");
        Files.writeString(folder.resolve("names.csv"), "name,owner\na.Devices.example,one\nb.example,two\n");
        Files.writeString(folder.resolve("blocked.csv"), "sha256\n" + TWIN + "\n");
        Path file = Files.writeString(folder.resolve("policy.yml"), HEAD + rules.indent(2));
        return new PolicyFile(file, PolicyContext.NONE, Clock.systemUTC()).get();
    }

    private ClientFacts facts() {
        return new ClientFacts(attribute -> client.getOrDefault(attribute, Attribute.unknown()), twins);
    }

    private static Facts.Request request(String relyingParty) {
        return new Facts.Request("aud", relyingParty, List.of(), Attribute.absent());
    }

    private Ruling decide(String rules) throws IOException {
        return rules(rules).decide(facts(), request("aws"), NOW);
    }

    /** Whether one rule with this match decides. */
    private String allows(String match) throws IOException {
        return decide("- {name: one, match: {%s}, allow: {relyingParties: [aws]}}".formatted(match))
                .rule()
                .orElse("none");
    }

    private String denies(String match) throws IOException {
        return decide("- {name: one, match: {%s}, deny: lost}".formatted(match))
                .rule()
                .orElse("none");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " -> ",
            value = {
                "authority: default -> true",
                "authority: forwarded -> false",
                "authority: [forwarded, default] -> true",
                "flow: mtls -> true",
                "spiffe: spiffe://factory.example/line/7/a -> true",
                "spiffe: spiffe://factory.example/line/* -> true",
                "spiffe: spiffe://factory.example/* -> true",
                "spiffe: spiffe://factory.example/line/7/a/* -> false",
                "spiffe: spiffe://factory.example/lin/* -> false",
                "spiffe: spiffe://factory.example/line/7 -> false",
                "dns: a.devices.example -> true",
                "dns: '*.devices.example' -> true",
                "dns: '*.example' -> true",
                "dns: '*.a.devices.example' -> false",
                "dns: [c.example, b.example] -> true",
                "uri: https://a.example/x/y -> true",
                "uri: https://a.example/* -> true",
                "uri: https://a.example/x/y/* -> false",
                "email: line-*@plant.example -> true",
                "email: '*@plant.example' -> true",
                "email: line-7@*.example -> true",
                "email: '*@example' -> false",
                "cn: a -> true",
                "cn: [b, A] -> false",
                "subject: 'ou=line  7, o=EXAMPLE' -> true",
                "subject: [O=Other, OU=Line 7] -> true",
                "subject: O=Example+OU=Line 7 -> false",
                "issuer: 'O=example,CN=factory' -> true",
                "issuer: CN=Factory -> false",
                "sha256: " + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" + " -> true",
                "serial: '01:02' -> true",
                "relyingParty: [billing, aws] -> true",
                "relyingParty: billing -> false",
                "in: {devices: client.subjectSerialNumber} -> false",
                "authority: default, in: {devices: client.serial} -> true",
                "in: {blocked: client.sha256} -> false",
                "cn: a, spiffe: spiffe://other.example/x -> false",
            })
    void match_holds(String match, String expected) throws IOException {
        assertThat(allows(match)).isEqualTo(expected.equals("true") ? "one" : "none");
    }

    @Test
    void unknownAttribute_neverAllows_andDeniesUnlessAnotherTermIsFalse() throws IOException {
        client.put(ClientAttribute.CN, Attribute.unknown());

        assertThat(allows("cn: a")).isEqualTo("none");
        assertThat(denies("cn: a")).isEqualTo("one");
        assertThat(denies("cn: a, relyingParty: aws")).isEqualTo("one");
        assertThat(denies("cn: a, relyingParty: billing")).isEqualTo("none");
        assertThat(denies("relyingParty: billing, cn: a")).isEqualTo("none");
        assertThat(allows("authority: default, in: {names: client.cn}")).isEqualTo("none");
        assertThat(denies("authority: default, in: {names: client.cn}")).isEqualTo("one");
    }

    @Test
    void absentAttribute_makesATermFalse() throws IOException {
        client.put(ClientAttribute.CN, Attribute.absent());

        assertThat(allows("cn: a")).isEqualTo("none");
        assertThat(denies("cn: a")).isEqualTo("none");
        assertThat(denies("authority: default, in: {names: client.cn}")).isEqualTo("none");
    }

    @Test
    void namesThatReadersTakeDifferently_areUnknown() throws IOException {
        client.put(ClientAttribute.URIS, Attribute.of(List.of("https://a.example/x/../y")));
        client.put(ClientAttribute.DNS, Attribute.of(List.of("*.devices.example")));

        assertThat(allows("uri: https://a.example/*")).isEqualTo("none");
        assertThat(denies("uri: https://a.example/*")).isEqualTo("one");
        assertThat(denies("uri: https://b.example/*")).isEqualTo("none");
        assertThat(allows("dns: '*.devices.example'")).isEqualTo("none");
        assertThat(denies("dns: a.devices.example")).isEqualTo("one");
        assertThat(denies("dns: a.example")).isEqualTo("none");
        assertThat(denies("dns: '*.devices.example'")).isEqualTo("one");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " -> ",
            value = {
                "https://a.example/x -> one -> one",
                "https://a.example/x/y?z=1 -> one -> one",
                "https://a.example/?x -> none -> one",
                "https://a.example/#x -> none -> one",
                "https://a.example//x -> none -> one",
                "https://a.example/x/ -> none -> one",
            })
    void openUri_isForWholeSegments(String uri, String allowed, String denied) throws IOException {
        client.put(ClientAttribute.URIS, Attribute.of(List.of(uri)));

        assertThat(allows("uri: https://a.example/*")).isEqualTo(allowed);
        assertThat(denies("uri: https://a.example/*")).isEqualTo(denied);
    }

    @Test
    void namesInSeveralRows_areUnknown() throws IOException {
        assertThat(allows("in: {names: client.dns}")).isEqualTo("none");
        assertThat(denies("in: {names: client.dns}")).isEqualTo("one");
        client.put(ClientAttribute.DNS, Attribute.of(List.of("b.example", "c.example")));
        assertThat(allows("in: {names: client.dns}")).isEqualTo("one");
    }

    /** The holder of an ECDSA certificate can give it another fingerprint. */
    @Test
    void otherFormOfACertificate_isDenied_andNotAllowed() throws IOException {
        twins = Set.of(TWIN);

        assertThat(denies("in: {blocked: client.sha256}")).isEqualTo("one");
        assertThat(allows("in: {blocked: client.sha256}")).isEqualTo("none");
        assertThat(denies("sha256: " + TWIN)).isEqualTo("one");
        assertThat(allows("sha256: " + TWIN)).isEqualTo("none");
        String isTwin = ", when: 'client.sha256 == \"" + TWIN + "\"', ";
        assertThat(decide("- {name: one" + isTwin + "deny: lost}").rule()).contains("one");
        assertThat(decide("- {name: one" + isTwin + "allow: {}}").rule()).isEmpty();
        client.put(ClientAttribute.ID, Attribute.of("default/" + SHA256));
        assertThat(decide("- {name: one, when: 'client.id == \"default/" + TWIN + "\"', deny: lost}")
                        .rule())
                .contains("one");
    }

    @Test
    void summary_isAllowedOnlyWhereItIsNamed() throws IOException {
        client.put(ClientAttribute.AUTHORITY, Attribute.of("forwarded"));

        assertThat(allows("flow: mtls")).isEqualTo("none");
        assertThat(allows("flow: mtls, authority: forwarded")).isEqualTo("one");
        assertThat(denies("flow: mtls")).isEqualTo("one");
    }

    @Test
    void firstRuleThatMatches_decides() throws IOException {
        String rules = """
                - {name: lost, match: {authority: default, in: {devices: client.serial}}, when: device.state == 'lost', deny: lost}
                - {name: own, match: {authority: default, in: {devices: client.serial, as: row}}, when: "row.line == 'seven'",
                   allow: {relyingParties: [aws]}}
                - {name: rest, allow: {}}
                """;
        assertThat(decide(rules)).satisfies(ruling -> {
            assertThat(ruling.rule()).contains("own");
            assertThat(ruling.isAllowed()).isTrue();
            assertThat(ruling.rows().get("row")).containsEntry("line", "seven");
        });
        assertThat(rules(rules).decide(facts(), request("billing"), NOW)).satisfies(ruling -> {
            assertThat(ruling.rule()).contains("own");
            assertThat(ruling.reason()).isEqualTo("the rule does not allow the relying party billing");
        });
        client.put(ClientAttribute.SERIAL, Attribute.of("03"));
        assertThat(decide(rules)).satisfies(ruling -> {
            assertThat(ruling.rule()).contains("lost");
            assertThat(ruling.reason()).isEqualTo("lost");
        });
        client.put(ClientAttribute.SERIAL, Attribute.of("04"));
        assertThat(decide(rules)).satisfies(ruling -> {
            assertThat(ruling.rule()).contains("rest");
            assertThat(ruling.isAllowed()).isFalse();
        });
    }

    @Test
    void noRule_deniesEverything() throws IOException {
        Ruling ruling = rules("[]").decide(facts(), request("aws"), NOW);

        assertThat(ruling.isAllowed()).isFalse();
        assertThat(ruling.rule()).isEmpty();
        assertThat(ruling.reason()).isEqualTo("no rule matches");
    }

    @Test
    void failingRule_denies_alsoWhereALaterOneAllows() throws IOException {
        client.put(ClientAttribute.OU, Attribute.unknown());
        String rest = "\n- {name: rest, allow: {relyingParties: [aws]}}";

        assertThat(decide("- {name: bad, when: client.ou == 'x', deny: bad}" + rest))
                .satisfies(ruling -> {
                    assertThat(ruling.rule()).contains("bad");
                    assertThat(ruling.failed()).isTrue();
                    assertThat(ruling.reason()).isEqualTo("when: client.ou is unknown");
                });
        assertThat(decide("- {name: bad, when: client.ou == 'x', allow: {relyingParties: [aws]}}" + rest)
                        .failed())
                .isTrue();
        assertThat(decide("- {name: bad, when: has(client.ou), deny: bad}" + rest))
                .satisfies(ruling -> {
                    assertThat(ruling.rule()).contains("bad");
                    assertThat(ruling.isAllowed()).isFalse();
                });
        assertThat(decide("- {name: odd, when: '!has(client.ou)', allow: {relyingParties: [aws]}}" + rest)
                        .rule())
                .contains("rest");
    }

    @Test
    void shadowRules_areJudgedAndNotEnforced() throws IOException {
        Rules rules = rules("""
                - {name: next, mode: shadow, deny: soon}
                - {name: now, allow: {relyingParties: [aws]}}
                """);

        assertThat(rules.hasShadow()).isTrue();
        assertThat(rules.decide(facts(), request("aws"), NOW).rule()).contains("now");
        assertThat(rules.decideInShadow(facts(), request("aws"), NOW).rule()).contains("next");
    }

    /** Each rule is cheap, and all of them are not; what shadow rules take is not taken from the decision. */
    @Test
    void rulesOfOneDecision_shareTheirWork() throws IOException {
        String items = "0" + ",0".repeat(199);
        String condition = "x == 1" + " || x == 1".repeat(99);
        String loop = "- {name: r%d, mode: %s, when: '[" + items + "].exists(x, " + condition + ")', deny: never}\n";
        String shadow = IntStream.range(0, 20)
                .mapToObj(i -> loop.formatted(i, "shadow"))
                .collect(Collectors.joining());
        Rules rules = rules(shadow + "- {name: rest, allow: {relyingParties: [aws]}}\n");
        Rules enforced =
                rules((shadow + "- {name: rest, allow: {relyingParties: [aws]}}\n").replace("mode: shadow, ", ""));

        assertThat(rules.decideInShadow(facts(), request("aws"), NOW).failed()).isTrue();
        assertThat(rules.decide(facts(), request("aws"), NOW).isAllowed()).isTrue();
        assertThat(enforced.decide(facts(), request("aws"), NOW)).satisfies(ruling -> {
            assertThat(ruling.failed()).isTrue();
            assertThat(ruling.reason()).contains("the expressions of this request take more than 1000000 steps");
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " -> ",
            value = {
                "'' -> one,two -> false",
                "'' -> '' -> true",
                "'scopes: [one], ' -> one -> true",
                "'scopes: [one], ' -> one,two -> false",
                "'scopes: any, ' -> one,two -> true",
            })
    void scopes_areThoseOfTheRule(String allow, String scopes, boolean allowed) throws IOException {
        Rules rules = rules("- {name: one, allow: {" + allow + "relyingParties: [aws]}}");
        Facts.Request asked = new Facts.Request(
                "aud", "aws", scopes.isEmpty() ? List.of() : List.of(scopes.split(",")), Attribute.absent());

        assertThat(rules.decide(facts(), asked, NOW).isAllowed()).isEqualTo(allowed);
    }

    @Test
    void serviceAccounts_areThoseOfTheRule() throws IOException {
        Rules rules = rules("- {name: one, allow: {relyingParties: [aws], scopes: any, "
                + "serviceAccounts: [\"line-*@plant.iam.gserviceaccount.com\"]}}");
        Rules any = rules("- {name: one, allow: {relyingParties: [aws], scopes: any, serviceAccounts: any}}");
        Rules none = rules("- {name: one, allow: {relyingParties: [aws], scopes: any}}");

        assertThat(asks(rules, "line-7@plant.iam.gserviceaccount.com")).isTrue();
        assertThat(asks(rules, "line-7@evil.iam.gserviceaccount.com")).isFalse();
        assertThat(asks(rules, "line-7@x.plant.iam.gserviceaccount.com")).isFalse();
        assertThat(asks(any, "x@y.iam.gserviceaccount.com")).isTrue();
        assertThat(asks(none, "line-7@plant.iam.gserviceaccount.com")).isFalse();
    }

    private boolean asks(Rules rules, String account) {
        Facts.Request asked = new Facts.Request("aud", "aws", List.of("one"), Attribute.of(account));
        return rules.decide(facts(), asked, NOW).isAllowed();
    }

    @Test
    void ruleThatAnEarlierOneCovers_isAWarning() throws IOException {
        assertThat(policy("""
                        - {name: broad, match: {spiffe: "spiffe://factory.example/*"}, allow: {}}
                        - {name: narrow, match: {spiffe: "spiffe://factory.example/line/*", cn: a}, deny: never}
                        - {name: other, match: {cn: a}, deny: never}
                        """).warnings())
                .singleElement()
                .asString()
                .contains("policy.yml:11:5: the rule narrow never decides: broad covers it");
        assertThat(policy("- {name: a, when: now > now, deny: x}\n- {name: b, deny: y}")
                        .warnings())
                .isEmpty();
    }

    @Test
    void rowOfARule_isReadByItsExpressions() throws IOException {
        Optional<String> rule = decide(
                        "- {name: one, match: {authority: default, in: {devices: {key: client.serial, as: d}, "
                                + "names: {key: client.cn, as: n}}}, when: d.state == n.owner, deny: x}")
                .rule();

        assertThat(rule).isEmpty();
    }
}
