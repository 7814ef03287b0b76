package dev.tokenservice.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tokenservice.TokenServiceConfiguration;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.jersey.validation.Validators;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which configurations are refused, with what words, and that a value from outside is never more than a value. */
class ConfigurationTest {

    private static final Path CONFIG_YML = Path.of("config.yml");

    private static TokenServiceConfiguration read(String yaml, Map<String, String> environment)
            throws IOException, ConfigurationException {
        return factory(environment)
                .build(path -> new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)), "test.yml");
    }

    private static ServiceConfigurationFactory<TokenServiceConfiguration> factory(Map<String, String> environment) {
        return new ServiceConfigurationFactory<>(
                TokenServiceConfiguration.class, Validators.newValidator(), Jackson.newObjectMapper(), environment);
    }

    /** The lines of the refusal. */
    private static List<String> problems(String yaml, Map<String, String> environment) {
        Collection<String> errors = assertThrows(InvalidConfigurationException.class, () -> read(yaml, environment))
                .getErrors();
        assertThat(errors)
                .allSatisfy(line -> assertThat(line)
                        .doesNotContain("\n")
                        .doesNotContain("\r")
                        .doesNotContain("Exception")
                        .doesNotContain("dev.tokenservice")
                        .doesNotContain("java."));
        return List.copyOf(errors);
    }

    private static String problem(String yaml, Map<String, String> environment) {
        List<String> problems = problems(yaml, environment);
        assertThat(problems).hasSize(1);
        return problems.get(0);
    }

    @Test
    void ports_sameTwice_areRefusedTogether() {
        assertThat(problems(
                        "authentication: {tls: {certificate: a, privateKey: b, trustBundle: c}}",
                        Map.of("PORT", "8443", "ADMIN_PORT", "8443")))
                .containsExactly(
                        "authentication.tls.port (MTLS_PORT): must differ from the application and admin ports (PORT, ADMIN_PORT)",
                        "server.adminPort (ADMIN_PORT): found '8443', must differ from the application port (PORT)");
        assertThat(problem("", Map.of("PORT", "8081"))).startsWith("server.adminPort (ADMIN_PORT): must differ");
    }

    @Test
    void environment_none_startsFromTheFileInTheJar() throws Exception {
        assertThat(factory(Map.of()).build()).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PORT | -1",
                "PORT | 65536",
                "PORT | http",
                "PORT | 80.5",
                "PORT | 0x50",
                "ADMIN_PORT | 65536",
                "ADMIN_PORT | x",
                "LOG_FORMAT | xml",
                "LOG_FORMAT | JSON",
                "LOG_LEVEL | LOUD",
                "LOG_LEVEL | info",
                "GOOGLE_CLOUD_PROJECT | My Project",
                "AUTH_FLOWS | no-such-flow",
                "AUTH_FLOWS | xlb-mtls-client-credentials,no-such-flow",
                "AUTH_FLOWS | xlb-mtls-client-credentials,",
                "AUTH_FLOWS | XLB-MTLS-CLIENT-CREDENTIALS",
                "MTLS_HEADER_CLIENT_ID | X-Client-Cert-Serial-Number",
                "MTLS_HEADER_CLIENT_ID | X-Something",
                "MTLS_HEADER_CLIENT_ID | a b",
                "MTLS_HEADER_CLIENT_CERT_PRESENT | a:b",
                "MTLS_HEADER_CLIENT_CERT_CHAIN_VERIFIED | a b",
                "MTLS_HEADER_CLIENT_CERT_ERROR | (x)",
                "MTLS_HEADER_CLIENT_CERT_SHA256_FINGERPRINT | ä",
                "MTLS_HEADER_CLIENT_CERT_SPIFFE_ID | a/b",
                "MTLS_HEADER_CLIENT_CERT_URI_SANS | a=b",
                "MTLS_HEADER_CLIENT_CERT_DNSNAME_SANS | a@b",
                "MTLS_HEADER_CLIENT_CERT_SERIAL_NUMBER | a,b",
                "MTLS_HEADER_CLIENT_CERT_VALID_NOT_BEFORE | {x}",
                "MTLS_HEADER_CLIENT_CERT_VALID_NOT_AFTER | a;b",
                "TOKEN_VALIDITY | 0",
                "TOKEN_VALIDITY | 721",
                "TOKEN_VALIDITY | five",
                "TOKEN_VALIDITY | 5.5",
                "TOKEN_VALIDITY | 99999999999",
                "TOKEN_ISSUER | token-service.example.com",
                "TOKEN_ISSUER | http://token-service.example.com",
                "TOKEN_ISSUER | https://token-service.example.com?x",
                "TOKEN_ISSUER | https://token-service.example.com#x",
                "TOKEN_ISSUER | https://user@token-service.example.com",
                "TOKEN_ISSUER | https://tökens.example.com",
                "TOKEN_ISSUER | https://tokens.example.com/ä",
                "TOKEN_ISSUER | https://",
                "TOKEN_ISSUER | https:///x",
                "TOKEN_ISSUER | ftp://localhost",
                "TOKEN_AUDIENCE | a b",
                "TOKEN_AUDIENCE | ä",
                "TOKEN_AUDIENCES | a,,b",
                "TOKEN_AUDIENCES | a b,c",
                "SIGNER | google",
                "SIGNING_ALGORITHM | EdDSA",
                "SIGNING_ALGORITHM | es256",
                "SERVICE_ACCOUNT | me",
                "ACCESS_TOKEN_VALIDITY | 0",
                "ACCESS_TOKEN_VALIDITY | 721",
                "ACCESS_TOKEN_VALIDITY | x",
                "GOOGLE_CLOUD_UNIVERSE_DOMAIN | x",
                "GOOGLE_CLOUD_UNIVERSE_DOMAIN | https://googleapis.com",
                "IAM_CREDENTIALS_URL | http://iam.example.com",
                "IAM_CREDENTIALS_URL | https://iam.example.com/v1",
                "STS_URL | sts.example.com",
                "JWKS_URL | http://keys.example.com/{email}"
            })
    void variable_badValue_isNamedWithTheValueAndWhatIsAllowed(String name, String value) {
        Variable variable = Variables.ALL.stream()
                .filter(known -> known.names().contains(name))
                .findFirst()
                .orElseThrow();
        String printable = value.replace('ä', '?').replace('ö', '?');

        assertThat(problems("{}", Map.of(name, value)))
                .anySatisfy(line -> assertThat(line)
                        .startsWith(variable.path())
                        .contains("(" + name)
                        .contains("found '")
                        .contains(printable.split(",", -1)[0].strip())
                        .contains("must "));
    }

    @ParameterizedTest
    @CsvSource({
        "MTLS_HEADER_CLIENT_CERT_PRESENT, X-Client-Cert-Error",
        "MTLS_HEADER_CLIENT_CERT_VALID_NOT_AFTER, x_client-cert-valid_not-before"
    })
    void headerName_ofAnotherAttribute_isRefused(String name, String value) {
        assertThat(problem("{}", Map.of(name, value)))
                .startsWith("authentication.headers.")
                .contains("MTLS_HEADER_CLIENT_CERT_")
                .contains("every attribute needs one of its own");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PROJECT_NUMBER", "POOL_ID", "PROVIDER_ID"})
    void workloadIdentity_incomplete_namesWhatIsMissing(String missing) {
        Map<String, String> environment = workloadIdentity("WORKLOAD_IDENTITY_");
        environment.remove("WORKLOAD_IDENTITY_" + missing);

        String problem = problem("{}", environment);

        assertThat(problem)
                .contains("WORKLOAD_IDENITY_" + missing + " or WORKLOAD_IDENTITY_" + missing)
                .contains("is missing");
    }

    @ParameterizedTest
    @CsvSource({
        "PROJECT_NUMBER, my-project",
        "PROJECT_NUMBER, 123x",
        "PROJECT_NUMBER, -1",
        "POOL_ID, abc",
        "POOL_ID, gcp-pool",
        "POOL_ID, My-Pool",
        "POOL_ID, a.b.c.d",
        "POOL_ID, abcdefghijklmnopqrstuvwxyz-123456",
        "PROVIDER_ID, abc",
        "PROVIDER_ID, gcp-x",
        "PROVIDER_ID, a/b/c/d"
    })
    void workloadIdentity_badValue_isRefused(String name, String value) {
        Map<String, String> environment = workloadIdentity("WORKLOAD_IDENITY_");
        environment.put("WORKLOAD_IDENITY_" + name, value);

        String problem = problem("{}", environment);

        assertThat(problem).contains("WORKLOAD_IDENITY_" + name).contains("found '" + value + "'");
        if (name.equals("PROJECT_NUMBER")) {
            assertThat(problem).contains("NUMBER").contains("gcloud projects describe");
        }
    }

    static Stream<Variable> twins() {
        return Variables.ALL.stream().filter(variable -> variable.names().size() > 1);
    }

    @ParameterizedTest
    @MethodSource("twins")
    void twins_equal_areAccepted(Variable variable) throws Exception {
        Map<String, String> environment = workloadIdentity("WORKLOAD_IDENITY_");
        String other = variable.names().get(1);
        environment.put(other, String.valueOf(environment.get(variable.names().get(0))));

        assertThat(read("{}", environment)).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("twins")
    void twins_differing_areRefusedWithBothNamesAndValues(Variable variable) {
        Map<String, String> environment = workloadIdentity("WORKLOAD_IDENITY_");
        environment.put(variable.names().get(1), "98765");

        assertThat(problem("{}", environment))
                .contains(variable.names())
                .contains("differ")
                .contains("'98765'")
                .contains("'" + environment.get(variable.names().get(0)) + "'");
    }

    static Stream<Variable> variables() {
        return Variables.ALL.stream();
    }

    @ParameterizedTest
    @MethodSource("variables")
    void variable_empty_isRefusedUnlessEmptinessMeansSomething(Variable variable) throws Exception {
        String name = variable.names().get(0);
        if (List.of("SIGNING_KEYS", "TOKEN_AUDIENCES", "MTLS_HEADER_PEM_VERIFY").contains(name)) {
            assertThat(read("{}", Map.of(name, ""))).isNotNull();
            return;
        }
        for (String empty : List.of("", "  ")) {
            assertThat(problems("{}", Map.of(name, empty)))
                    .anySatisfy(line -> assertThat(line).contains(name).contains("empty"));
        }
    }

    @ParameterizedTest
    @MethodSource("variables")
    void configYml_documentsTheVariableAtItsSetting(Variable variable) throws Exception {
        String text = Files.readString(CONFIG_YML);
        String key = variable.path().substring(variable.path().lastIndexOf('.') + 1);

        for (String name : variable.names()) {
            assertThat(text).containsPattern("(?m)#.*\\b" + name + "$");
        }
        assertThat(text).containsPattern("(?m)^[ #]*" + key + ":");
    }

    @Test
    void configYml_isEqualToTheDefaultsInTheCode() throws Exception {
        String documented = describe(read(Files.readString(CONFIG_YML), Map.of()));

        assertThat(documented).isEqualTo(describe(new TokenServiceConfiguration()));
        assertThat(documented).contains("validity");
    }

    @Test
    void configYml_commentedSettings_areAllKnown() throws Exception {
        String uncommented = Files.readString(CONFIG_YML)
                .lines()
                .map(line -> line.replaceFirst("^( *)# ( *[A-Za-z]+: [^ ]+$|[A-Za-z]+:$)", "$1$2"))
                .reduce("", (one, other) -> one + other + "\n");

        assertThat(read(uncommented, Map.of())).isNotNull();
        assertThat(uncommented).contains("\n  projectNumber: \"");
    }

    @Test
    void problems_ofEveryKind_areAllReportedTogether() {
        List<String> problems = problems(
                """
                server:
                  prot: 80
                token:
                  validity: many
                  audiences: [a, "b c"]
                signing:
                  signer:
                logging:
                  level: [INFO]
                unknown: 1
                """,
                Map.of(
                        "PORT",
                        "x",
                        "LOG_FORMAT",
                        "",
                        "WORKLOAD_IDENITY_POOL_ID",
                        "test-pool",
                        "WORKLOAD_IDENTITY_POOL_ID",
                        "other-pool",
                        "TOKEN_ISSUER",
                        "nonsense"));

        for (String start : List.of(
                "server.prot:",
                "server.port (PORT): found 'x'",
                "token.validity (TOKEN_VALIDITY): found 'many'",
                "token.audiences[1]",
                "token.issuer (TOKEN_ISSUER): found 'nonsense'",
                "signing.signer (SIGNER): has no value",
                "logging.level (LOG_LEVEL)",
                "logging.format (LOG_FORMAT)",
                "workloadIdentity.poolId (WORKLOAD_IDENITY_POOL_ID or WORKLOAD_IDENTITY_POOL_ID)",
                "unknown:")) {
            assertThat(problems).anySatisfy(line -> assertThat(line).startsWith(start));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tokens: {} | tokens",
                "token: {Validity: 5} | token.Validity",
                "server: {applicationConnectors: []} | server.applicationConnectors",
                "server: {type: simple} | server.type",
                "server: {maxThreads: 5} | server.maxThreads",
                "logging: {type: default} | logging.type",
                "server.port: 80 | server.port",
                "logging: {loggers: {a: DEBUG}} | logging.loggers",
                "metrics: {reporters: []} | metrics",
                "health: {enabled: false} | health",
                "admin: {tasks: {}} | admin",
                "token: {validity: [5]} | token.validity",
                "token: {validity: 5.5} | token.validity",
                "token: {validity: '5 minutes'} | token.validity",
                "token: {validity: ''} | token.validity",
                "token: {validity: '  '} | token.validity",
                "token: {validity: true} | token.validity",
                "token: {validity: {a: b}} | token.validity",
                "token: {validity: ~} | token.validity",
                "token: {validity: } | token.validity",
                "signing: {keys: } | signing.keys",
                "token: {audiences: a} | token.audiences",
                "token: {audiences: [~]} | token.audiences",
                "token: {audiences: [[a]]} | token.audiences",
                "token: {audiences: [5]} | token.audiences",
                "token: {issuer: {a: b}} | token.issuer",
                "token: ~ | token",
                "token: 5 | token",
                "token: [] | token",
                "authentication: {flows: [~]} | authentication.flows",
                "authentication: {flows: []} | authentication.flows",
                "authentication: {flows: xlb-mtls-client-credentials} | authentication.flows",
                "authentication: {headers: x} | authentication.headers",
                "signing: {keys: true} | signing.keys",
                "signing: {keys: 5} | signing.keys",
                "server: {adminHost: 127.1} | server.adminHost",
                "workloadIdentity: {projectNumber: 0123456, poolId: test, providerId: test} | workloadIdentity.projectNumber"
            })
    void file_wrongKindOrUnknownKey_isRefused(String yaml, String path) {
        assertThat(problems(yaml, Map.of())).anySatisfy(line -> assertThat(line).startsWith(path));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "token: {validity: 5, validity: 6}",
                "token: {}\ntoken: {}",
                "token: {validity: 5",
                "\tx: y",
                "- a",
                "text",
                "5",
                "token: {}\n---\ntoken: {}",
                "token: &a {}\nserver: *a",
                "%YAML 9.9\n---\n{}",
                "a: !!javax.script.ScriptEngineManager []",
                "\u0000"
            })
    void file_notOneSoundDocument_isRefused(String yaml) {
        assertThat(problems(yaml, Map.of())).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "---\n", "# nothing\n"})
    void file_empty_meansTheDefaultsAndTakesVariables(String yaml) throws Exception {
        TokenServiceConfiguration configuration =
                read(yaml, Map.of("PORT", "1234", "LOG_LEVEL", "WARN", "LOG_FORMAT", "json"));

        assertThat(describe(configuration))
                .contains("port=1234")
                .contains("level=WARN")
                .contains("format=json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "${PATH}",
                "$PATH",
                "${env:PATH}",
                "\"quoted\"",
                "'x'",
                "a: b",
                "a\nserver:\n  port: 1",
                "[a]",
                "{a: b}",
                "*alias",
                "&anchor",
                "!!int 5",
                "#comment",
                "yes",
                "0123",
                "~",
                "null",
                "\\u0041",
                "%s"
            })
    void variable_valueWithMeaningElsewhere_isDataHere(String value) throws Exception {
        TokenServiceConfiguration configuration = read("{}", Map.of("SIGNING_KEYS", value));

        assertThat(describe(configuration))
                .isEqualTo(describe(new TokenServiceConfiguration()).replace("keys=\n", "keys=" + value + "\n"));
    }

    @Test
    void file_valueThatLooksLikeAVariable_isNotExpanded() throws Exception {
        assertThat(describe(read("signing: {keys: \"${PORT}\"}", Map.of("PORT", "1234"))))
                .contains("keys=${PORT}\n");
    }

    @Test
    void variable_list_isSplitAtCommas() throws Exception {
        assertThat(describe(read("{}", Map.of("TOKEN_AUDIENCES", "https://a.example , urn:b"))))
                .contains("audiences=[https://a.example, urn:b]");
        assertThat(describe(read("token: {audiences: [x]}", Map.of("TOKEN_AUDIENCES", ""))))
                .contains("audiences=[]");
    }

    @Test
    void variable_overGroupOfWrongKind_isRefused() {
        assertThat(problems("token: [5]", Map.of("TOKEN_VALIDITY", "5")))
                .anySatisfy(line -> assertThat(line).startsWith("token"));
    }

    @Test
    void file_unknownKey_isNamedWithoutItsValue() {
        assertThat(problem("proxySecert: hunter2", Map.of()))
                .startsWith("proxySecert")
                .doesNotContain("hunter2");
        assertThat(problem("token: {\"a\\nb\": hunter2}", Map.of())).doesNotContain("hunter2");
    }

    @Test
    void problem_longOrStrangeValue_isCutAndCleaned() {
        assertThat(problem("{}", Map.of("SIGNER", "x".repeat(500))))
                .contains("x".repeat(100))
                .doesNotContain("x".repeat(101));
        assertThat(problem("{}", Map.of("SIGNER", "a\u001b[31m\nb"))).contains("'a?[31m?b'");
    }

    private static Map<String, String> workloadIdentity(String prefix) {
        return new TreeMap<>(Map.of(
                prefix + "PROJECT_NUMBER", "123456789012",
                prefix + "POOL_ID", "test-pool",
                prefix + "PROVIDER_ID", "test-provider"));
    }

    /** Every field of every group of settings, by reflection: what the code holds, not what it says of it. */
    private static String describe(Object settings) {
        StringBuilder text = new StringBuilder();
        describe(settings, "", text);
        return text.toString();
    }

    private static void describe(Object settings, String prefix, StringBuilder text) {
        Arrays.stream(settings.getClass().getDeclaredFields())
                .filter(field -> !java.lang.reflect.Modifier.isStatic(field.getModifiers()) && !field.isSynthetic())
                .forEach(field -> {
                    try {
                        field.setAccessible(true);
                        Object value = field.get(settings);
                        if (value != null && value.getClass().getPackageName().startsWith("dev.tokenservice")) {
                            text.append(prefix).append(field.getName()).append('\n');
                            describe(value, prefix + "  ", text);
                        } else if (!field.getName().equals("delegate")
                                && !field.getName().equals("known")) {
                            text.append(prefix)
                                    .append(field.getName())
                                    .append('=')
                                    .append(value)
                                    .append('\n');
                        }
                    } catch (IllegalAccessException e) {
                        throw new IllegalStateException(e);
                    }
                });
        if (settings instanceof TokenServiceConfiguration configuration) {
            describe(configuration.getServerFactory(), "  ", text);
            describe(configuration.getLoggingFactory(), "  ", text);
        }
    }

    @Test
    void file_numbersInOtherNotations_areToldWithTheOtherProblems() {
        assertThat(problems("token: {validity: 010, audiences: 5}\nserver: {port: 0x50}", Map.of()))
                .anySatisfy(line ->
                        assertThat(line).startsWith("token.validity (TOKEN_VALIDITY): found '010', write a number"))
                .anySatisfy(line -> assertThat(line).startsWith("server.port (PORT): found '0x50', write a number"))
                .anySatisfy(line -> assertThat(line).startsWith("token.audiences (TOKEN_AUDIENCES)"));
    }

    @Test
    void path_thatNoFileCanHave_isRefusedWithTheOtherProblems() {
        assertThat(problems(
                        "",
                        Map.of(
                                "MTLS_TRUST_BUNDLE",
                                "/etc/zertifik\0t/root.pem",
                                "DENIED_CERTIFICATES",
                                "\0",
                                "PORT",
                                "x")))
                .anySatisfy(line -> assertThat(line).startsWith("server.port (PORT)"))
                .anySatisfy(line -> assertThat(line)
                        .contains("(MTLS_TRUST_BUNDLE)", "must be the path of a file", "needs LANG=C.UTF-8"))
                .anySatisfy(line -> assertThat(line).contains("(DENIED_CERTIFICATES)", "must be the path of a file"));
    }
}
