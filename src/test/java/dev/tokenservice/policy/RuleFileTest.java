package dev.tokenservice.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tokenservice.files.UnusableFileException;
import dev.tokenservice.identity.ClientIdAttribute;
import dev.tokenservice.testing.TestAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a file with rules must not say, and where the messages point. */
class RuleFileTest {

    private static final String HEAD = """
            version: 1
            relyingParties:
              aws: {audience: sts.amazonaws.com, profile: aws}
            sets:
              devices: {file: devices.csv, key: serial}
            """;

    @TempDir
    private Path folder;

    private PolicyFile file(String text) throws IOException {
        return file(text, PolicyContext.NONE);
    }

    private PolicyFile file(String text, PolicyContext context) throws IOException {
        Files.writeString(folder.resolve("devices.csv"), "serial,state\n01,active\n");
        Path file = Files.writeString(folder.resolve("policy.yml"), text);
        return new PolicyFile(file, context, Clock.systemUTC());
    }

    /** The problems of a file, without its name. */
    private List<String> problems(String text) throws IOException {
        PolicyFile file = file(text);
        UnusableFileException failure = catchThrowableOfType(UnusableFileException.class, file::get);
        assertThat(failure).describedAs("the file is refused").isNotNull();
        return String.valueOf(failure.getMessage())
                .lines()
                .filter(line -> line.contains("policy.yml:"))
                .map(line -> line.substring(line.indexOf("policy.yml:") + "policy.yml:".length()))
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " -> ",
            value = {
                "- {match: {cn: a}, deny: x} -> 7:3: name is missing",
                "- {name: a b, deny: x} -> 7:3: the rule 'a b' must be named",
                "- {name: a} -> 7:3: a rule has either allow or deny",
                "- {name: a, deny: x, allow: {}} -> 7:3: a rule has either allow or deny, not both",
                "- {name: a, match: {}, deny: x} -> 7:20: must not be empty",
                "- {name: a, match: {in: {}}, deny: x} -> 7:25: must name a set: without one the rule is for every client",
                "- {name: none, deny: x} -> 7:3: the rule 'none' must be named",
                "- {name: a, when: 'client.id.matches(\"((a{1000}){1000}){1000}\")', deny: x} -> the pattern of matches() repeats too much",
                "- {name: a, match: {spife: x}, deny: x} -> 7:21: the key 'spife' is unknown; ",
                "- {name: a, match: {spife: x}, deny: x} -> did you mean spiffe?",
                "- {name: a, match: {spiffe: x}, deny: x} -> 7:29: must be a SPIFFE ID",
                "- {name: a, match: {spiffe: 'spiffe://a.example/x*'}, deny: x} -> 7:29: must be a SPIFFE ID",
                "- {name: a, match: {dns: 'a.*.example'}, deny: x} -> 7:26: must be a DNS name",
                "- {name: a, match: {uri: 'https://a.example/../x'}, deny: x} -> 7:26: must be a URI",
                "- {name: a, match: {email: 'x'}, deny: x} -> 7:28: must be an e-mail address",
                "- {name: a, match: {sha256: 'x'}, deny: x} -> 7:29: must be the SHA-256",
                "- {name: a, match: {serial: '1:2'}, deny: x} -> 7:29: must be a serial number",
                "- {name: a, match: {subject: 'x'}, deny: x} -> 7:30: must be a distinguished name",
                "- {name: a, match: {authority: factori}, deny: x} -> 7:32: the authority 'factori' is unknown",
                "- {name: a, match: {relyingParty: asw}, deny: x} -> 7:35: the relying party 'asw' is unknown",
                "- {name: a, match: {in: {device: client.sha256}}, deny: x} -> 7:34: the set 'device' is unknown",
                "- {name: a, match: {in: {devices: client.sereal}}, deny: x} -> did you mean client.serial?",
                "- {name: a, match: {in: {devices: client.notAfter}}, deny: x} -> 7:35: must be an attribute",
                "- {name: a, match: {in: {devices: client.serial}}, deny: x} -> 7:35: client.serial is unique within an authority only",
                "- {name: a, match: {authority: [default, forwarded], in: {devices: client.cn}}, deny: x} -> client.cn is unique within an authority only",
                "- {name: a, match: {in: {devices: client.sha256, as: now}}, deny: x} -> 7:54: must be a name of letters",
                "- {name: a, match: {in: {devices: client.sha256}}, when: device.stat == 'x', deny: x} -> 7:58: the set devices has no column 'stat', only serial, state",
                "- {name: a, when: device.state == 'x', deny: x} -> 7:19: the expression is invalid: device is unknown",
                "- {name: a, when: client.id, deny: x} -> 7:19: the expression must be true or false",
                "- {name: a, when: 'client.id == \"x\" && client.spife == 1', deny: x} -> 7:46: the expression is invalid: client.spife is unknown",
                "- {name: a, allow: {relyingParties: [asw]}} -> 7:38: the relying party 'asw' is unknown; known: aws",
                "- {name: a, allow: {scopes: all}} -> 7:29: must be a list",
                "- {name: a, allow: {scopes: ['a b']}} -> 7:30: must be a scope without spaces",
                "- {name: a, allow: {serviceAccounts: [x]}} -> 7:39: must be an e-mail address",
                "- {name: a, allow: {tokenValidity: 13h}} -> 7:36: must be a duration of 10 seconds to 12 hours",
                "- {name: a, allow: {rateLimit: {tokens: 1}}} -> 7:32: a rate limit has tokens and per",
                "- {name: a, allow: {rateLimit: {tokens: 0, per: 1m}}} -> 7:41: must be a whole number from 1 to 1000000",
                "- {name: a, mode: shdow, deny: x} -> 7:19: ",
                "- {name: a, deny: [x]} -> 7:19: must be a text",
                "  allow-everything -> must be a list of rules, or allow-all",
            })
    void problem_saysWhatAndWhere(String rule, String problem) throws IOException {
        assertThat(problems(HEAD + "rules:\n" + rule + "\n"))
                .anySatisfy(line -> assertThat(line).contains(problem));
    }

    @ParameterizedTest
    @ValueSource(strings = {"forwardedSummaries: refuse", "relyingParties: {other: {audience: other}}"})
    void whatNarrowsWhoGetsWhat_shouldStandBeforeTheRules(String line) throws IOException {
        for (String rules : List.of("rules: []\n", "rules: allow-all\n")) {
            assertThat(file("version: 1\n" + rules + line + "\n").get().warnings())
                    .singleElement()
                    .asString()
                    .contains("3:")
                    .contains("should be before rules: a truncated file could allow more");
        }
        assertThat(file("{version: 1, rules: [], " + line + "}").get().warnings())
                .isEmpty();
    }

    /** Half of one version and half of another must not be in force. */
    @Test
    void filesThatNeverRest_areRefused() throws IOException {
        Path policy = folder.resolve("policy.yml");
        Files.writeString(policy, "version: 1\nrules: []\n");
        AtomicInteger readings = new AtomicInteger();
        InstantSource changing = () -> {
            append(policy, "# " + readings.incrementAndGet() + "\n");
            return Instant.EPOCH;
        };
        PolicyFile restless = new PolicyFile(policy, PolicyContext.NONE, changing.withZone(ZoneOffset.UTC));

        assertThatThrownBy(restless::get)
                .isInstanceOf(UnusableFileException.class)
                .hasMessageContaining("changed while it was read");
        assertThat(readings).hasValue(5);
    }

    private static void append(Path file, String text) {
        try {
            Files.writeString(file, text, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Comparing thousands of rules with each other would keep a new version out of force for minutes. */
    @Test
    void manyRules_areNotAllCompared() throws IOException {
        String rules = IntStream.range(0, 2_000)
                .mapToObj(i -> "- {name: r%d, match: {cn: c%d}, deny: x}\n".formatted(i, i))
                .collect(Collectors.joining());

        assertThat(file(HEAD + "rules:\n" + rules).get().warnings())
                .singleElement()
                .asString()
                .contains("there are too many rules");
    }

    @Test
    void placeWithinAnExpression_isThatInTheFile() throws IOException {
        assertThat(problems(HEAD + """
                rules:
                  - name: a
                    when: >
                      client.id == "x" &&
                      client.spife == "y"
                    deny: x
                """))
                .singleElement()
                .asString()
                .startsWith("10:13: the expression is invalid: client.spife is unknown");
    }

    @Test
    void everythingAtOnce() throws IOException {
        assertThat(problems(HEAD + """
                rules:
                  - {name: a, when: 1 +, deny: x}
                  - {name: a, deny: x}
                  - {name: b, match: {cn: 1}, deny: x}
                """))
                .hasSize(3)
                .anySatisfy(line -> assertThat(line).startsWith("8:5: the rule on line 7 already has the name a"));
    }

    /** A rule that denies by a flow that there is not would deny nobody. */
    @Test
    void unknownFlow_isAnErrorWhereTheFlowsAreKnown() throws IOException {
        String text = HEAD + "rules: [{name: a, match: {flow: mtls-client-credential}, deny: closed}]\n";
        PolicyContext beside = new PolicyContext(
                ClientIdAttribute.SPIFFE_ID,
                List.of(),
                List.of(),
                List.of(),
                List.of("mtls-client-credentials", "nginx"),
                Optional.empty(),
                TokenSettings.UNKNOWN);

        assertThat(file(text).get().generation()).isNotEmpty();
        PolicyFile file = file(text, beside);
        assertThatThrownBy(file::get)
                .hasMessageContaining("the flow 'mtls-client-credential' is unknown; known: "
                        + "mtls-client-credentials, nginx; did you mean");
    }

    @Test
    void missingRules_areAnError() throws IOException {
        assertThat(problems(HEAD)).singleElement().asString().contains("1:1: rules is missing");
        assertThat(problems("version: 1\nmode: shadow\nrules: allow-all\n"))
                .singleElement()
                .asString()
                .contains("2:7: mode is for rules");
    }

    @Test
    void malformedSet_isNamedWithItsLine() throws IOException {
        file("");
        Files.writeString(folder.resolve("broken.csv"), "serial\n01\n01\n");
        assertThat(problems("""
                        version: 1
                        sets:
                          broken: {file: broken.csv, key: serial}
                          missing: {file: missing.csv, key: serial}
                          short: {file: broken.csv}
                        rules: []
                        """))
                .hasSize(3)
                .anySatisfy(line -> assertThat(line).contains("broken.csv: lines 2 and 3: both have the serial '01'"))
                .anySatisfy(line -> assertThat(line).contains("missing.csv"))
                .anySatisfy(line -> assertThat(line).contains("5:10: key is missing"));
    }

    /** What narrows a rule must have been read before what it allows. */
    @Test
    void fileThatCanBeCutOffBehindAllow_isRefused() throws IOException {
        assertThat(problems(
                        HEAD + "rules:\n  - name: a\n    allow: {relyingParties: [aws]}\n    when: client.id == 'x'\n"))
                .singleElement()
                .asString()
                .contains("9:11: must be before allow");
        assertThat(problems(HEAD + """
                        rules:
                          - name: a
                            allow:
                              serviceAccounts:
                                - a@b.iam""")).singleElement().asString().contains("the file ends within a line");
    }

    private static final String HEX = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private static final String BASE64 = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU";

    /** A key in another form than the claim's is the key of nobody, and a rule that denies by it denies nobody. */
    @ParameterizedTest
    @CsvSource(
            delimiterString = " -> ",
            value = {
                "sha256 -> HEX -> line 3: must be the SHA-256 of a certificate as in the claim x5_sha256: base64 of 43 characters, found 'HEX': write 'BASE64'",
                "sha256 -> E3:B0:C4:42:98:FC:1C:14:9A:FB:F4:C8:99:6F:B9:24:27:AE:41:E4:64:9B:93:4C:A4:95:99:1B:78:52:B8:55 -> write 'BASE64'",
                "sha256 -> BASE64= -> write 'BASE64'",
                "sha256 -> 47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU -> write 'BASE64'",
                "sha256 -> lost -> line 3: must be the SHA-256",
                "serial -> 0102 -> line 3: must be a serial number as in the claim x5_serial: lower-case hex with colons, found '0102': write '01:02'",
                "serial -> F1:A2 -> write '00:f1:a2'",
                "serial -> 0x1F -> write '1f'",
                "serial -> 102 -> write '01:02'",
            })
    void keyThatNoClientHas_isRefused_withTheFormToWrite(String attribute, String key, String problem)
            throws IOException {
        String written = key.replace("HEX", HEX).replace("BASE64", BASE64);
        String wanted = problem.replace("HEX", HEX).replace("BASE64", BASE64);
        Files.writeString(
                folder.resolve("blocked.csv"),
                "reason,key\nlost," + (attribute.equals("serial") ? "01" : BASE64.replace('4', '5')) + "\nlost,"
                        + written + "\n");

        assertThat(problems("version: 1\nsets: {blocked: {file: blocked.csv, key: key}}\nrules:\n"
                        + "- {name: a, match: {authority: default, in: {blocked: client." + attribute
                        + "}}, deny: x}\n"))
                .singleElement()
                .asString()
                .startsWith("4:55: the set blocked, column key, line 3: must be")
                .contains(wanted);
        assertThat(problems(
                        "version: 1\nrules:\n- {name: a, match: {" + attribute + ": '" + written + "'}, deny: x}\n"))
                .singleElement()
                .asString()
                .contains(wanted.replace("line 3: ", ""));
    }

    @Test
    void negativeSerialNumber_isAWarning() throws IOException {
        Files.writeString(folder.resolve("blocked.csv"), "serial\nf1:a2\n");
        String text = """
                version: 1
                sets: {blocked: {file: blocked.csv, key: serial}}
                rules:
                - {name: a, match: {authority: default, in: {blocked: client.serial}, serial: 'f1:a2'}, deny: x}
                """;

        assertThat(file(text).get().warnings())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).contains("'f1:a2' is negative", "write '00:f1:a2'"));
    }

    @Test
    void problems_areBounded() throws IOException {
        String rules = IntStream.range(0, 500)
                .mapToObj(i -> "- {name: r%d, when: client.spife == 1, deny: x}\n".formatted(i))
                .collect(Collectors.joining());

        assertThat(problems(HEAD + "rules:\n" + rules)).hasSize(101).last().isEqualTo(" and 400 more problems");
    }

    /** No authority of its clients gives what the rule reads: it would deny all of them, or none. */
    @Test
    void ruleForAllAuthorities_thatReadsWhatNoneGives_isRefused() throws IOException {
        TestAuthority.write(
                folder.resolve("factory.pem"), TestAuthority.root("Factory").certificate());
        String head =
                "version: 1\nauthorities: {factory: {trustBundle: factory.pem, trustDomains: [factory.example]}}\n";
        String deny = "rules: [{name: a, match: {cn: x}, deny: x}]\n";

        assertThat(problems(head + deny))
                .singleElement()
                .asString()
                .contains("the rule reads client.cn, which no authority of its clients gives: set subjects in factory");
        assertThat(problems(head + "forwardedSummaries: trusted\nrules: [{name: a, match: {cn: x}, allow: {}}]\n"))
                .singleElement()
                .asString()
                .contains("the rule reads client.cn");
        assertThatCode(file(head + "forwardedSummaries: trusted\n" + deny)::get).doesNotThrowAnyException();
    }

    @Test
    void modeBehindAllow_isAcceptedWithAWarning() throws IOException {
        PolicyFile file = file(HEAD + "rules:\n  - allow: {relyingParties: [aws]}\n    name: a\n    mode: shadow\n");

        assertThat(file.get().warnings()).singleElement().asString().contains("9:11: mode should be before allow");
    }

    /** Programs that write YAML sort its keys. */
    @Test
    void fileThatEndsWithItsVersion_hasItsKeysInAnyOrder() throws IOException {
        String policy = """
                rules:
                  - allow: {relyingParties: [aws]}
                    match: {cn: one}
                    name: a
                    when: client.o == "x"
                relyingParties:
                  aws: {audience: sts.amazonaws.com}
                """;

        assertThat(file(policy + "version: 1\n").get().warnings()).isEmpty();
        assertThat(problems("version: 1\n" + policy)).hasSize(2);
    }

    /** Without a configuration nobody knows which audiences the settings have. */
    @Test
    void relyingPartyOfTheSettings_isNotKnownHere() throws IOException {
        assertThat(
                        problems(
                                "version: 1\nrules:\n- {name: a, match: {relyingParty: default}, allow: {relyingParties: [audience-1]}}\n"))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line)
                        .contains("could only be one of the settings, which are not known here: add relyingParties"));
        assertThatCode(file("version: 1\nrules:\n- {name: a, allow: {relyingParties: [google]}}\n")::get)
                .doesNotThrowAnyException();
    }

    @Test
    void goodFile_isAccepted() throws IOException {
        PolicyFile file = file(HEAD + """
                rules:
                  - name: controllers
                    match: {spiffe: "spiffe://factory.example/line/*", in: {devices: client.sha256}}
                    when: device.state == "active" && client.notAfter - now > duration("24h")
                    allow:
                      relyingParties: [aws]
                      scopes: [https://www.googleapis.com/auth/devstorage.read_only]
                      serviceAccounts: ["line-*@plant.iam.gserviceaccount.com"]
                      tokenValidity: 10m
                      rateLimit: {tokens: 60, per: 1m}
                """);

        assertThat(file.get().warnings())
                .singleElement()
                .asString()
                .contains("the set devices, column serial, line 2: must be the SHA-256");
        assertThat(file.files()).hasSize(2);
    }
}
