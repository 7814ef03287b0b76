package dev.tokenservice.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tokenservice.files.UnusableFileException;
import dev.tokenservice.identity.ClientIdAttribute;
import dev.tokenservice.testing.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a policy file may say, and how it is told what it may not. */
class PolicyFileTest {

    private static final String HEAD = "version: 1\n\n";

    @TempDir
    Path folder;

    private final TestAuthority factory = TestAuthority.root("Root CA");
    private final TestAuthority office = TestAuthority.root("Root CA");

    @BeforeEach
    void writeBundles() {
        TestAuthority.write(folder.resolve("factory.pem"), factory.certificate());
        TestAuthority.write(folder.resolve("office.pem"), office.certificate());
    }

    private PolicyFile file(String text, PolicyContext context) throws IOException {
        String whole = text.startsWith(HEAD) ? text + "\nrules: allow-all\n" : text;
        return new PolicyFile(Files.writeString(folder.resolve("policy.yml"), whole), context, Clock.systemUTC());
    }

    private Policy read(String text) throws IOException {
        return file(text, PolicyContext.NONE).get();
    }

    private List<String> problems(String text) throws IOException {
        return problems(text, PolicyContext.NONE);
    }

    private List<String> problems(String text, PolicyContext context) throws IOException {
        PolicyFile file = file(text, context);
        String message = String.valueOf(
                catchThrowableOfType(UnusableFileException.class, file::get).getMessage());
        List<String> lines = message.strip().lines().toList();
        assertThat(lines).allSatisfy(line -> assertThat(line).startsWith(folder.resolve("policy.yml") + ":"));
        return lines.stream()
                .map(line ->
                        line.substring(folder.resolve("policy.yml").toString().length() + 1))
                .toList();
    }

    @Test
    void read_complete_isInForce() throws IOException {
        Policy policy = read("""
                version: 1
                authorities:
                  factory:
                    trustBundle: factory.pem
                    trustDomains: [factory.example]
                    dnsSuffixes: [.devices.example.com]
                    uriPrefixes: ["urn:device:"]
                    emailDomains: [example.com]
                    ipNetworks: [10.0.0.0/8, "2001:db8::/32"]
                    subjects: ["O=Example,OU=Devices"]
                    clientId: "{client.spiffe}"
                  office:
                    trustBundle: office.pem
                    trustDomains: [office.example]
                forwardedSummaries: refuse
                rules: allow-all
                """);

        assertThat(policy.hasAuthorities()).isTrue();
        assertThat(policy.offered()).containsExactly(factory.certificate(), office.certificate());
        assertThat(policy.generation()).matches("[0-9a-f]{12}");
    }

    @Test
    void generation_followsTheContentOfEveryFile() throws IOException {
        String text = HEAD + "authorities: {factory: {trustBundle: factory.pem}}\n";
        String before = read(text).generation();

        assertThat(read(text).generation()).isEqualTo(before);
        assertThat(read(text + "# a comment\n").generation()).isNotEqualTo(before);
        TestAuthority.write(folder.resolve("factory.pem"), office.certificate());
        assertThat(read(text).generation()).isNotEqualTo(before);
    }

    @Test
    void trustBundle_thatIsAFolder_isEveryFileInIt() throws IOException {
        Path bundles = Files.createDirectory(folder.resolve("bundles"));
        TestAuthority.write(bundles.resolve("a.pem"), factory.certificate());
        TestAuthority.write(bundles.resolve("b.pem"), office.certificate());
        Files.createDirectory(bundles.resolve("..data"));
        Files.writeString(bundles.resolve(".hidden"), "no certificate");
        PolicyFile file = file(HEAD + "authorities: {all: {trustBundle: bundles}}", PolicyContext.NONE);

        assertThat(file.get().offered()).containsExactly(factory.certificate(), office.certificate());
        assertThat(file.files())
                .containsExactly(
                        folder.resolve("policy.yml"), bundles, bundles.resolve("a.pem"), bundles.resolve("b.pem"));
    }

    /** Files that were left out in silence might be those that revoke. */
    @Test
    void folder_withMoreFilesThanAreRead_isRefused() throws IOException {
        Path lists = Files.createDirectory(folder.resolve("lists"));
        for (int i = 0; i <= 1000; i++) {
            Files.createFile(lists.resolve(i + ".crl"));
        }

        assertThat(problems(HEAD + "authorities: {all: {trustBundle: factory.pem, revocationLists: [lists]}}"))
                .singleElement()
                .asString()
                .contains("lists has more than 1000 files");
    }

    @Test
    void problems_ofEveryKind_areToldTogetherAtTheirPlaces() throws IOException {
        assertThat(problems("""
                        version: 2
                        authoritis: {}
                        authorities:
                          factory:
                            trustBundle: nowhere.pem
                            trustDomain: [factory.example]
                            dnsSuffixes: ["*.example.com"]
                            subjects: []
                          factory: {trustBundle: office.pem}
                          forwarded:
                            trustBundle: [office.pem]
                            trustDomains: spiffe://office.example
                            intermediatesAsAnchors: yes
                        forwardedSummaries: trust
                        """))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("1:1: rules is missing"),
                        line -> assertThat(line).isEqualTo("1:10: version must be 1"),
                        line -> assertThat(line)
                                .startsWith("2:1: the key 'authoritis' is unknown")
                                .endsWith("did you mean authorities?"),
                        line -> assertThat(line).startsWith("5:18: ").contains("nowhere.pem cannot be read"),
                        line -> assertThat(line)
                                .startsWith("6:5: the key 'trustDomain' is unknown")
                                .endsWith("did you mean trustDomains?"),
                        line -> assertThat(line).startsWith("7:19: must be a DNS name"),
                        line -> assertThat(line).startsWith("8:15: must not be empty"),
                        line -> assertThat(line).startsWith("9:3: the key 'factory' is repeated"),
                        line -> assertThat(line).startsWith("11:5: the authority 'forwarded' must be named"),
                        line -> assertThat(line).startsWith("11:18: must be a text, found a list"),
                        line -> assertThat(line).startsWith("12:19: must be a list, found 'spiffe://office.example'"),
                        line -> assertThat(line).startsWith("13:29: must be true or false, found 'yes'"),
                        line -> assertThat(line).startsWith("14:21: must be refuse or trusted, found 'trust'"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a: &x 1 | 1:4: the anchor &x",
                "a: *x | 1:4: the alias *x",
                "a: !!str 1 | 1:4: the tag tag:yaml.org,2002:str",
                "<<: {a: b} | 1:1: the merge key <<",
                "a: [1 | 1:6: the file is not well-formed YAML: a bracket that is not closed",
                "a: \"b | 1:4: the file is not well-formed YAML: a quote that is not closed",
                "a: b: c | 1:5: the file is not well-formed YAML: a colon that does not fit",
                "'' | 1:1: the file is empty",
                "- a | 1:1: must be a mapping"
            })
    void yaml_thatIsNotPlain_isRefusedAtItsPlace(String text, String problem) throws IOException {
        assertThat(problems(text)).anySatisfy(line -> assertThat(line).startsWith(problem));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "trustDomains: [a/b]",
                "trustDomains: [A]",
                "dnsSuffixes: ['*.a']",
                "dnsSuffixes: [a.]",
                "dnsSuffixes: ['..a']",
                "uriPrefixes: ['https://a']",
                "uriPrefixes: ['https://a/%41/']",
                "uriPrefixes: ['https://a/../']",
                "uriPrefixes: ['spiffe://a/']",
                "uriPrefixes: ['SPIFFE:']",
                "uriPrefixes: ['/']",
                "emailDomains: ['a@b']",
                "ipNetworks: [10.0.0.1/8]",
                "ipNetworks: [10.0.0.0/33]",
                "ipNetworks: ['::ffff:10.0.0.0/104']",
                "ipNetworks: [host]",
                "subjects: [Example]",
                "clientId: name",
                "clientId: '{client.nme}'",
                "clientId: '{client.cn}{client.o}'",
                "clientId: '{client.cn'",
                "clientId: 7",
                "clientId: '{client.cn}/ü'"
            })
    void value_thatIsMalformed_isRefused(String member) throws IOException {
        assertThat(problems(HEAD + "authorities:\n  a:\n    trustBundle: factory.pem\n    " + member))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).startsWith("6:"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{authority: a} | 3:10: names is missing in proxies",
                "{names: [a.example]} | 3:10: authority is missing in proxies",
                "{authority: b, names: [a.example]} | 3:22: the authority 'b' is unknown; known: a",
                "{authority: a, names: []} | 3:32: must not be empty",
                "{authority: a, names: ['*.a.example']} | 3:33: must be a SPIFFE ID or a DNS name",
                "{authority: a, names: [b.example]} | 3:33: the authority a may not give the name 'b.example'",
                "{authority: a, names: ['spiffe://b/x']} | 3:33: the authority a may not give the name 'spiffe://b/x'",
                "{authority: a, names: [a.example], name: b} | 3:45: the key 'name' is unknown",
                "[a] | 3:10: must be a mapping"
            })
    void proxies_thatNobodyCouldBe_areRefused(String proxies, String problem) throws IOException {
        String authority = "\nauthorities: {a: {trustBundle: factory.pem, dnsSuffixes: [a.example]}}";

        assertThat(problems(HEAD + "proxies: " + proxies + authority))
                .anySatisfy(line -> assertThat(line).startsWith(problem));
    }

    @Test
    void proxies_withoutAuthorities_areRefused() throws IOException {
        assertThat(problems(HEAD + "proxies: {authority: a, names: [a.example]}"))
                .singleElement()
                .asString()
                .contains("the authority 'a' is unknown; proxies needs authorities");
    }

    private static String two(String factory, String office) {
        return HEAD + "authorities:\n  factory: {trustBundle: factory.pem, " + factory
                + "}\n  office: {trustBundle: office.pem, " + office + "}\n";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "trustDomains: [a] | trustDomains: [b, a]",
                "dnsSuffixes: [.a] | dnsSuffixes: [.b.a]",
                "dnsSuffixes: [c.a] | dnsSuffixes: [.a]",
                "uriPrefixes: ['urn:a:'] | uriPrefixes: ['urn:a:b:']",
                "emailDomains: [A.example] | emailDomains: [a.example]",
                "ipNetworks: [10.0.0.0/8] | ipNetworks: [10.1.0.0/16]",
                "subjects: ['O=A'] | subjects: ['OU=B']",
                "subjects: ['O=A'] | subjects: ['O=a']"
            })
    void restrictions_thatOverlap_areRefused(String factory, String office) throws IOException {
        assertThat(problems(two(factory, office)))
                .singleElement()
                .asString()
                .contains(
                        factory.substring(0, factory.indexOf(':')) + " of the authorities factory and office overlap");
        String prefixed = ", clientId: '{client.authority}/{client.sha256}'";
        assertThatCode(() -> read(two(factory + prefixed, office + prefixed))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "trustDomains: [a] | trustDomains: [b]",
                "dnsSuffixes: [.a] | dnsSuffixes: [a]",
                "dnsSuffixes: [.a] | dnsSuffixes: [.ba]",
                "uriPrefixes: ['urn:a:'] | uriPrefixes: ['urn:ab:']",
                "ipNetworks: [10.0.0.0/8] | ipNetworks: ['::/0']",
                "subjects: ['O=A,OU=C'] | subjects: ['O=B,OU=C']"
            })
    void restrictions_thatExcludeEachOther_areTaken(String factory, String office) throws IOException {
        assertThatCode(() -> read(two(factory, office))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "subjects: ['O=A'], clientId: '{client.cn}' | subjects: ['O=B'], clientId: '{client.cn}'",
                "subjects: ['O=A'], clientId: '{client.cn}' | dnsSuffixes: [.a], clientId: '{client.dns}'",
                "dnsSuffixes: [.a], clientId: '{client.serial}' | dnsSuffixes: [.b], clientId: '{client.serial}'"
            })
    void clientIds_thatCouldBeEqual_areRefused(String factory, String office) throws IOException {
        assertThat(problems(two(factory, office)))
                .anySatisfy(line -> assertThat(line).contains("could have the id of one of factory"));
    }

    @Test
    void clientId_ofASubjectThatTheAuthorityDoesNotGive_isRefused() throws IOException {
        assertThat(problems(HEAD
                        + "authorities: {a: {trustBundle: factory.pem, trustDomains: [a], clientId: '{client.cn}'}}"))
                .singleElement()
                .asString()
                .contains("needs cn, which the authority a does not give: set subjects");
        PolicyContext byCn = new PolicyContext(
                ClientIdAttribute.COMMON_NAME,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                TokenSettings.UNKNOWN);
        assertThat(problems(HEAD + "authorities: {a: {trustBundle: factory.pem, trustDomains: [a]}}", byCn))
                .hasSize(1);
    }

    @Test
    void key_inTwoAuthorities_isRefused() throws IOException {
        TestAuthority.write(
                folder.resolve("office.pem"),
                factory.renewed(content -> content).certificate());

        assertThat(problems(two("trustDomains: [a]", "trustDomains: [b]")))
                .singleElement()
                .asString()
                .contains("is already in the authority factory");
    }

    @Test
    void settings_thatSayTheSame_areNamed() throws IOException {
        PolicyContext beside = new PolicyContext(
                ClientIdAttribute.DNS_SAN,
                List.of("CLIENT_ID"),
                List.of("MTLS_TRUST_BUNDLE", "MTLS_CRL"),
                List.of(),
                List.of(),
                Optional.of(true),
                TokenSettings.UNKNOWN);

        assertThat(problems(HEAD + "authorities: {a: {trustBundle: factory.pem, clientId: '{client.dns}'}}", beside))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .contains("authorities says the same as MTLS_TRUST_BUNDLE and MTLS_CRL"),
                        line -> assertThat(line).contains("clientId says the same as CLIENT_ID"));
        assertThatCode(() -> file(HEAD, beside).get()).doesNotThrowAnyException();
    }
}
