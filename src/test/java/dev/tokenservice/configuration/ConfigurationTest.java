package dev.tokenservice.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tokenservice.TokenServiceConfiguration;
import dev.tokenservice.testing.TestValidators;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.jackson.Jackson;
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

    private static final ConfigurationModel<TokenServiceConfiguration> MODEL = TokenServiceConfiguration.model();
    private static final Path CONFIG_YML = Path.of("config.yml");

    private static TokenServiceConfiguration read(String yaml, Map<String, String> environment)
            throws IOException, ConfigurationException {
        return factory(environment)
                .build(path -> new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)), "test.yml");
    }

    private static ServiceConfigurationFactory<TokenServiceConfiguration> factory(Map<String, String> environment) {
        return new ServiceConfigurationFactory<>(
                MODEL, TestValidators.SHARED.getValidator(), Jackson.newObjectMapper(), environment);
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
    void adminTls_oneFileWithoutTheOther_isRefused() {
        assertThat(problem("", Map.of("ADMIN_CERTIFICATE", "a")))
                .isEqualTo("server.adminPrivateKey (ADMIN_PRIVATE_KEY): must be set if ADMIN_CERTIFICATE is set");
        assertThat(problem("", Map.of("ADMIN_PRIVATE_KEY", "a")))
                .isEqualTo("server.adminCertificate (ADMIN_CERTIFICATE): must be set if ADMIN_PRIVATE_KEY is set");
    }

    @Test
    void port_off_isForTheTlsFlowAlone() throws Exception {
        String tls = "authentication: {tls: {certificate: a, privateKey: b, trustBundle: c}}";

        assertThat(read("server: {port: off}\n" + tls, Map.of("AUTH_FLOWS", "mtls-client-credentials"))
                        .getServerFactory()
                        .port())
                .isEmpty();
        assertThat(problem(
                        tls,
                        Map.of("PORT", "off", "AUTH_FLOWS", "mtls-client-credentials,xlb-mtls-client-credentials")))
                .startsWith("server.port (PORT): found 'off', must be a port number, 0 to 65535: off is only for "
                        + "AUTH_FLOWS=mtls-client-credentials, because");
        assertThat(problem("", Map.of("PORT", "Off"))).startsWith("server.port (PORT): found 'Off', must be");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "server: {applicationConnectors: []} | set PORT, APPLICATION_HOST",
                "server: {adminConnectors: []} | set ADMIN_PORT and ADMIN_HOST",
                "server: {connector: {type: http}} | set PORT",
                "server: {maxThreads: 5} | the limits of connections, threads",
                "server: {rootPath: /x} | the paths are fixed",
                "server: {gzip: {enabled: true}} | remove it",
                "health: {enabled: false} | /health-check",
                "logging: {type: default} | one kind of log",
                "logging: {loggers: {audit: 'OFF'}} | audit is pinned",
                "logging: {loggers: {org.apache.hc.client5: DEBUG}} | is pinned, because it prints headers",
                "logging: {loggers: {a.b: INF}} | did you mean INFO?",
                "logging: {loggers: {a.b: {level: INFO, additive: false}}} | must be",
                "logging: {appenders: [{type: console, logFormat: '%m'}]} | a pattern can print a secret header",
                "logging: {appenders: [{type: console, layout: {type: json}}]} | a pattern can print a secret header",
                "logging: {appenders: [{type: console, filterFactories: [{type: x}]}]} | use threshold",
                "logging: {appenders: [{type: console, threshold: LOUD}]} | threshold must be one of",
                "logging: {appenders: [{type: console, timeZone: CET}]} | times are in UTC",
                "logging: {appenders: [{type: tcp}]} | type must be one of [console, file, syslog]",
                "logging: {appenders: [{type: file}]} | archive",
                "logging: {appenders: [{type: console, treshold: WARN}]} | did you mean threshold?",
                "server: {requestLog: maybe} | must be on, off, or an appender",
                "server: {requestLog: {type: console, logFormat: '%m'}} | a pattern can print a secret header",
                "server: {requestLog: {appenders: [], type: classic}} | may have appenders only",
                "metrics: {reporters: [{type: loud}]} | must have a known type: [console, csv, log]"
            })
    void keysOfDropwizard_thatDoNotApply_areRefusedWithWhatToSet(String yaml, String instead) {
        assertThat(problem(yaml, Map.of())).contains(instead);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "server: {requestLog: off}",
                "server: {requestLog: ON}",
                "server: {requestLog: false}",
                "server: {requestLog: {appenders: []}}",
                "server: {requestLog: {type: syslog, host: localhost}}",
                "logging: {loggers: {a.b: debug, org.apache.hc: WARN}}",
                "logging: {appenders: [{type: console, threshold: warn, target: stderr}]}",
                "logging: {appenders: [{type: file, currentLogFilename: /tmp/a.log, archive: false}]}",
                "metrics: {frequency: 1 minute, reporters: [{type: log}, {type: console}]}"
            })
    void keysOfDropwizard_thatApply_areTaken(String yaml) throws Exception {
        assertThat(read(yaml, Map.of())).isNotNull();
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
                "ADMIN_HOST | 127.1",
                "ADMIN_HOST | 10.0.0.7:8081",
                "APPLICATION_HOST | a b",
                "APPLICATION_HOST | 010.0.0.7",
                "MTLS_HOST | [::1]",
                "MTLS_HOST | 10.0.0.0/8",
                "LOG_FORMAT | xml",
                "LOG_LEVEL | LOUD",
                "GOOGLE_CLOUD_PROJECT | My Project",
                "AUTH_FLOWS | no-such-flow",
                "AUTH_FLOWS | xlb-mtls-client-credentials,no-such-flow",
                "AUTH_FLOWS | xlb-mtls-client-credentials,",
                "MTLS_HEADER_CLIENT_ID | X-Client-Cert-Serial-Number",
                "MTLS_HEADER_CLIENT_ID | X-Something",
                "MTLS_HEADER_CLIENT_ID | a b",
                "CLIENT_ID | common-name",
                "CLIENT_ID | x-client-cert-spiffe",
                "CLIENT_ID | cn",
                "CLIENT_ID | email",
                "CLIENT_ID | Subject",
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
                "TOKEN_VALIDITY | 5M",
                "TOKEN_VALIDITY | 5 m",
                "TOKEN_VALIDITY | 05m",
                "TOKEN_VALIDITY | 300s",
                "TOKEN_VALIDITY | -5m",
                "TOKEN_VALIDITY | 13h",
                "TOKEN_VALIDITY | PT",
                "TOKEN_VALIDITY | PT5",
                "TOKEN_VALIDITY | pt5m",
                "TOKEN_VALIDITY | PT0M",
                "TOKEN_VALIDITY | P1D",
                "TOKEN_VALIDITY | 99999999999",
                "TOKEN_ISSUER | token-service.example.com",
                "MTLS_TOKEN_ENDPOINT | mtls.example.com/token",
                "MTLS_TOKEN_ENDPOINT | http://localhost/token",
                "MTLS_TOKEN_ENDPOINT | https://mtls.example.com",
                "MTLS_TOKEN_ENDPOINT | https://mtls.example.com/",
                "MTLS_TOKEN_ENDPOINT | https://mtls.example.com/token?x",
                "MTLS_TOKEN_ENDPOINT | https://mtls.example.com/token#x",
                "MTLS_TOKEN_ENDPOINT | https://a@mtls.example.com/token",
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
        Setting setting = MODEL.settings().stream()
                .filter(known -> known.variables().contains(name))
                .findFirst()
                .orElseThrow();
        String printable = value.replace('ä', '?').replace('ö', '?');

        assertThat(problems("{}", Map.of(name, value)))
                .anySatisfy(line -> assertThat(line)
                        .startsWith(setting.path())
                        .contains("(" + name)
                        .contains("found '")
                        .contains(printable.split(",", -1)[0].strip())
                        .contains("must "));
    }

    @ParameterizedTest
    @CsvSource({
        "LOG_FORMAT, Json, json",
        "LOG_LEVEL, debug, DEBUG",
        "SIGNER, IAM, iam",
        "SIGNING_ALGORITHM, es256, ES256",
        "TOKEN_VALIDITY, 7m, 7",
        "TOKEN_VALIDITY, 12h, 720",
        "TOKEN_VALIDITY, PT7M, 7",
        "TOKEN_VALIDITY, PT1H, 60",
        "ACCESS_TOKEN_VALIDITY, PT1H30M, 90"
    })
    void value_inAnotherForm_meansTheSame(String name, String written, String meant) throws Exception {
        assertThat(describe(read("{}", Map.of(name, written)))).isEqualTo(describe(read("{}", Map.of(name, meant))));
    }

    @Test
    void choice_inTheFile_isTakenInAnyCase() throws Exception {
        assertThat(describe(read("{logging: {level: warn}, token: {validity: 7m}}", Map.of())))
                .isEqualTo(describe(read("{logging: {level: WARN}, token: {validity: 7}}", Map.of())));
    }

    @Test
    void flows_inAnyCase_areThoseThatAreKnown() throws Exception {
        TokenServiceConfiguration read = read("{}", Map.of("AUTH_FLOWS", "XLB-mtls-Client-Credentials"));

        assertThat(read.sections().authentication().flows()).containsExactly("xlb-mtls-client-credentials");
        assertThat(read.sections().authentication().readsHeaders()).isTrue();
        assertThat(problem("{}", Map.of("AUTH_FLOWS", "xlb-mtls-client-credentials,XLB-mtls-client-credentials")))
                .contains("must name each flow once");
    }

    @ParameterizedTest
    @CsvSource({
        "LOG_LEVEL, WARNING, WARN",
        "LOG_LEVEL, DEBG, DEBUG",
        "LOG_FORMAT, jsn, ''",
        "LOG_FORMAT, jsonn, json",
        "SIGNER, locl, local",
        "SIGNER, kms, ''",
        "SIGNING_ALGORITHM, RS-256, RS256",
        "SIGNING_ALGORITHM, RS512, ''",
        "AUTH_FLOWS, mtls, mtls-client-credentials",
        "AUTH_FLOWS, xlb-mtls, xlb-mtls-client-credentials",
        "AUTH_FLOWS, alb-mtls-client-credential, alb-mtls-client-credentials",
        "AUTH_FLOWS, oauth, ''"
    })
    void value_nearlyKnown_isAskedFor(String name, String written, String meant) {
        String problem = problem("{}", Map.of(name, written));

        if (meant.isEmpty()) {
            assertThat(problem).doesNotContain("did you mean");
        } else {
            assertThat(problem).endsWith("; did you mean " + meant + "?");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'{Token: {}}', token",
        "'{token: {Issuer: x}}', issuer",
        "'{token: {token_validity: 5}}', validity",
        "'{signing: {algorythm: RS256}}', algorithm"
    })
    void key_nearlyKnown_isAskedFor(String yaml, String meant) {
        assertThat(problem(yaml, Map.of())).endsWith("; did you mean " + meant + "?");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AUTH_FLOWS | xlb-mtls-client-credentials,mtsl | authentication.flows[1] (AUTH_FLOWS): found 'mtsl'",
                "PROXY_SECRET | good,not good | authentication.proxy.secrets[1] (PROXY_SECRET): found a value that is not shown",
                "TRUSTED_PROXIES | 10.0.0.0/8,10.0.0.1/8 | authentication.proxy.addresses[1] (TRUSTED_PROXIES): found '10.0.0.1/8'"
            })
    void list_wrongItem_isNamed(String name, String value, String problem) {
        assertThat(problem("{}", Map.of(name, value))).startsWith(problem);
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
                .contains("every attribute needs its own header");
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

    static Stream<Setting> twins() {
        return MODEL.settings().stream().filter(setting -> setting.variables().size() > 1);
    }

    @ParameterizedTest
    @MethodSource("twins")
    void twins_equal_areAccepted(Setting setting) throws Exception {
        Map<String, String> environment = workloadIdentity("WORKLOAD_IDENITY_");
        String other = setting.variables().get(1);
        environment.put(
                other, String.valueOf(environment.get(setting.variables().get(0))));

        assertThat(read("{}", environment)).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("twins")
    void twins_differing_areRefusedWithBothNamesAndValues(Setting setting) {
        Map<String, String> environment = workloadIdentity("WORKLOAD_IDENITY_");
        environment.put(setting.variables().get(1), "98765");

        assertThat(problem("{}", environment))
                .contains(setting.variables())
                .contains("differ")
                .contains("'98765'")
                .contains("'" + environment.get(setting.variables().get(0)) + "'");
    }

    static Stream<Setting> variables() {
        return MODEL.settings().stream().filter(setting -> !setting.variables().isEmpty());
    }

    @ParameterizedTest
    @MethodSource("variables")
    void variable_empty_isRefusedUnlessEmptinessMeansSomething(Setting setting) throws Exception {
        String name = setting.variables().get(0);
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
    void configYml_documentsTheVariableAtItsSetting(Setting setting) throws Exception {
        String text = Files.readString(CONFIG_YML);
        String key = setting.path().substring(setting.path().lastIndexOf('.') + 1);

        for (String name : setting.variables()) {
            assertThat(text).containsPattern("(?m)#.*\\b" + name + "$");
        }
        assertThat(text).containsPattern("(?m)^[ #]*" + key + ":");
    }

    @Test
    void configYml_isEqualToTheDefaultsInTheCode() throws Exception {
        String documented = describe(read(Files.readString(CONFIG_YML), Map.of()));

        assertThat(documented).isEqualTo(describe(read("{}", Map.of())));
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
    void clientId_besideAnotherAttributeOfTheHeader_isRefused() {
        assertThat(problems("", Map.of("CLIENT_ID", "dns", "MTLS_HEADER_CLIENT_ID", "X-Client-Cert-Spiffe")))
                .containsExactly(
                        "authentication.headers.clientId (MTLS_HEADER_CLIENT_ID): found 'X-Client-Cert-Spiffe', "
                                + "must be unset if CLIENT_ID is dns: it stands for spiffe");
        assertThat(problems("", Map.of("CLIENT_ID", "spife")))
                .containsExactly(
                        "authentication.clientId (CLIENT_ID): found 'spife', must be spiffe, dns, uri, sha256, cn, "
                                + "email, subject or serial; did you mean spiffe?");
        assertThatCode(() ->
                        read("", Map.of("CLIENT_ID", "DNS", "MTLS_HEADER_CLIENT_ID", "x-client-cert-dnsname-sans")))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"cn, SUBJECT_DN, true", "subject, SUBJECT_DN, true", "email, SUBJECT_DN, false", "email, LEAF, true"})
    void clientId_thatNoClientOfTheFlowCouldHave_isRefused(String attribute, String header, boolean enough) {
        Map<String, String> told = Map.of("CLIENT_ID", attribute, "MTLS_HEADER_CLIENT_CERT_" + header, "X-Told");

        assertThat(problems("", Map.of("CLIENT_ID", attribute)))
                .singleElement()
                .asString()
                .startsWith("authentication.clientId (CLIENT_ID): found '" + attribute
                        + "', must be an attribute that the proxy of the flow xlb-mtls-client-credentials forwards")
                .doesNotContain("did you mean");
        if (enough) {
            assertThatCode(() -> read("", told)).doesNotThrowAnyException();
        } else {
            assertThat(problems("", told)).hasSize(1);
        }
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
                "logging: {loggers: {a: LOUD}} | logging.loggers",
                "metrics: {reporters: [{type: loud}]} | metrics.reporters",
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
                .isEqualTo(describe(read("{}", Map.of())).replace("keys=\n", "keys=" + value + "\n"));
    }

    @Test
    void file_valueThatLooksLikeAVariable_isNotExpanded() throws Exception {
        assertThat(describe(read("signing: {keys: \"$PORT\"}", Map.of("PORT", "1234"))))
                .contains("keys=$PORT\n");
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
                        if (value != null && isOurs(value)) {
                            text.append(prefix).append(field.getName()).append('\n');
                            describe(value, prefix + "  ", text);
                        } else if (value instanceof List<?> list
                                && list.stream().anyMatch(ConfigurationTest::isOurs)) {
                            list.forEach(item -> describe(item, prefix + "  ", text));
                        } else {
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
    }

    private static boolean isOurs(Object value) {
        return value.getClass().getPackageName().startsWith("dev.tokenservice");
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
                        .contains("(MTLS_TRUST_BUNDLE)", "must be the path of a file", "need LANG=C.UTF-8"))
                .anySatisfy(line -> assertThat(line).contains("(DENIED_CERTIFICATES)", "must be the path of a file"));
    }
}
