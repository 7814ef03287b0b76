package dev.tokenservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import ch.qos.logback.classic.Level;
import dev.tokenservice.configuration.Overrides;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestAuthority.Identity;
import dev.tokenservice.testing.TestClock;
import dev.tokenservice.testing.TestDoctor;
import dev.tokenservice.testing.TestLog;
import dev.tokenservice.testing.TestService;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code check} says of a configuration and the files that it names, and that a start says the same. */
class CheckCommandTest {

    private static final String MISSING = "cannot be read: the file does not exist";
    private static final String FOLDER = "is a folder: name a file in it";

    private final TestAuthority root = TestAuthority.root("Root CA");
    private final Identity server = root.server();

    @TempDir
    Path folder;

    @BeforeEach
    void writeFiles() throws IOException {
        TestAuthority.write(folder.resolve("tls.crt"), server.certificate());
        TestAuthority.write(folder.resolve("tls.key"), server.key());
        TestAuthority.write(folder.resolve("other.key"), root.server().key());
        TestAuthority.write(folder.resolve("ca.crt"), root.certificate());
        TestAuthority.write(folder.resolve("ca.crl"), root.revoke(Duration.ofDays(1)));
        Files.writeString(folder.resolve("denied"), "");
        Files.writeString(folder.resolve("text"), "neither key nor certificate\n");
        Files.createDirectories(folder.resolve("keys"));
        TestAuthority.write(folder.resolve("keys/1.pem"), server.key());
        Files.createDirectories(folder.resolve("empty"));
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("text"));
    }

    /** A configuration in order, with every kind of file; those of the test go before. */
    private Map<String, String> variables(String... others) {
        Map<String, String> variables = new HashMap<>(Map.of(
                "AUTH_FLOWS", "mtls-client-credentials",
                "TOKEN_ISSUER", "https://token-service.example.com",
                "MTLS_CERTIFICATE", path("tls.crt"),
                "MTLS_PRIVATE_KEY", path("tls.key"),
                "MTLS_TRUST_BUNDLE", path("ca.crt"),
                "MTLS_CRL", path("ca.crl"),
                "DENIED_CERTIFICATES", path("denied"),
                "SIGNING_ALGORITHM", "ES256",
                "SIGNING_KEYS", path("keys")));
        for (int i = 0; i < others.length; i += 2) {
            variables.put(others[i], others[i + 1]);
        }
        return variables;
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    private static TestCommandLine check(Map<String, String> variables) {
        return TestCommandLine.run(variables, "check", "config.yml");
    }

    @Test
    void configuration_inOrder_isToldWithWhatWouldRun() {
        TestCommandLine checked = check(variables("TOKEN_AUDIENCES", "a,b"));

        assertThat(checked.errors()).isEmpty();
        assertThat(checked.status()).isZero();
        assertThat(checked.output().lines())
                .containsExactly(
                        "config.yml with AUTH_FLOWS,DENIED_CERTIFICATES,MTLS_CERTIFICATE,MTLS_CRL,MTLS_PRIVATE_KEY,"
                                + "MTLS_TRUST_BUNDLE,SIGNING_ALGORITHM,SIGNING_KEYS,TOKEN_AUDIENCES,TOKEN_ISSUER is valid; the service would "
                                + "run:",
                        "  issuer     https://token-service.example.com",
                        "  flows      mtls-client-credentials",
                        "  signer     local ES256",
                        "  audiences  https://token-service.example.com,a,b");
    }

    @Test
    void relyingPartiesOfThePolicy_areTold() throws IOException {
        Path policy = Files.writeString(
                folder.resolve("policy.yml"),
                "version: 1\nrelyingParties:\n  a: {audience: urn:a}\n  b: {audience: urn:b}\nrules: allow-all\n");

        assertThat(check(variables("POLICY", policy.toString(), "TOKEN_AUDIENCE", "urn:a"))
                        .output())
                .contains("relying_parties a,b");
    }

    @Test
    void token_besideAFolder_refused() {
        assertThat(check(variables("SIGNING_PKCS11", "pkcs11:token=t?module-path=/p11.so&pin-source=/pin"))
                        .errors())
                .contains("signing.pkcs11 (SIGNING_PKCS11)", "must not be set if SIGNING_KEYS is set");
    }

    @Test
    void token_whereIamSigns_refused() {
        assertThat(check(variables(
                                "SIGNING_PKCS11", "pkcs11:token=t?module-path=/p11.so&pin-source=/pin",
                                "SIGNING_KEYS", "",
                                "SIGNER", "iam"))
                        .errors())
                .contains("signing.pkcs11 (SIGNING_PKCS11)", "must not be set if IAM signs");
    }

    @Test
    void token_withItsPin_refusedWithoutThePin() {
        assertThat(check(variables(
                                "SIGNING_PKCS11",
                                "pkcs11:token=t?module-path=/p11.so&pin-value=2468",
                                "SIGNING_KEYS",
                                ""))
                        .errors())
                .contains("signing.pkcs11 (SIGNING_PKCS11)", "holds a PIN", "pin-source")
                .doesNotContain("2468");
    }

    @Test
    void token_withoutItsFiles_refusedWithBoth() {
        assertThat(check(variables(
                                "SIGNING_PKCS11",
                                "pkcs11:token=t?module-path=" + path("p11.so") + "&pin-source=" + path("pin"),
                                "SIGNING_KEYS",
                                ""))
                        .errors())
                .contains("p11.so' is not a library that the service may read", "pin' cannot be read");
    }

    @Test
    void port_taken_isNotLookedAt() throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            assertThat(check(variables("PORT", Integer.toString(taken.getLocalPort())))
                            .status())
                    .isZero();
        }
    }

    @Test
    void variable_misspelt_isWarnedOfWhetherTheRestIsValidOrNot() {
        String warning = "warning: the environment variable TOKEN_ISSUR is unknown and has no effect: did you mean "
                + "TOKEN_ISSUER?";

        TestCommandLine valid = check(variables("TOKEN_ISSUR", "x"));
        assertThat(valid.status()).isZero();
        assertThat(valid.output().lines()).contains(warning);

        TestCommandLine invalid = check(variables("TOKEN_ISSUR", "x", "TOKEN_VALIDITY", "0"));
        assertThat(invalid.status()).isEqualTo(1);
        assertThat(invalid.output().lines()).containsExactly(warning);
    }

    @Test
    void settings_thatMayMeanLessThanIsThought_areWarnedOfByCheckStartAndDoctorAlike() {
        Map<String, String> variables = Map.of(
                "TOKEN_ISSUER", "https://token-service.example.com/", "SIGNING_ALGORITHM", "ES256", "TOKEN_ISSUR", "x");
        List<String> warnings = check(variables)
                .output()
                .lines()
                .filter(line -> line.startsWith("warning: "))
                .map(line -> line.substring(9))
                .toList();
        assertThat(warnings)
                .hasSize(4)
                .anyMatch(line -> line.startsWith("the environment variable TOKEN_ISSUR is unknown"))
                .anyMatch(line -> line.startsWith("TOKEN_ISSUER is https://token-service.example.com/, with a slash"))
                .anyMatch(line -> line.startsWith("no proof of the proxy is set"))
                .anyMatch(line -> line.startsWith("SIGNING_KEYS is not set"));

        try (TestLog log = new TestLog();
                TestService started = TestService.startWithoutProof(variables)) {
            assertThat(started.port()).isPositive();
            assertThat(log.text(Level.WARN)).contains(warnings);
        }
        TestDoctor.Diagnosis diagnosis = TestDoctor.run(variables, new TestClock());
        assertThat(Stream.of("variable-names", "issuer", "proxy-trust", "signing")
                        .map(check -> diagnosis.the(check).evidence() + ": "
                                + diagnosis.the(check).remedy()))
                .containsExactlyInAnyOrderElementsOf(warnings);
    }

    static Stream<Arguments> badFiles() {
        return Stream.of(
                arguments("MTLS_CERTIFICATE", "nothing", MISSING),
                arguments("MTLS_CERTIFICATE", "keys", FOLDER),
                arguments("MTLS_CERTIFICATE", "text", "holds no certificate in PEM, and is not a PKCS#12 file"),
                arguments(
                        "MTLS_CERTIFICATE",
                        "ca.crt",
                        "holds a certificate for another key: put the certificate of the server first in the "
                                + "file, and set MTLS_PRIVATE_KEY to its key"),
                arguments("MTLS_PRIVATE_KEY", "nothing", MISSING),
                arguments("MTLS_PRIVATE_KEY", "keys", FOLDER),
                arguments(
                        "MTLS_PRIVATE_KEY",
                        "text",
                        "holds no private key in PEM: write it with 'openssl pkcs8 -topk8'"),
                arguments("MTLS_TRUST_BUNDLE", "nothing", MISSING),
                arguments("MTLS_TRUST_BUNDLE", "keys", FOLDER),
                arguments("MTLS_TRUST_BUNDLE", "text", "holds no certificate in PEM, and is not a PKCS#12 file"),
                arguments(
                        "MTLS_TRUST_BUNDLE",
                        "tls.crt",
                        "holds the certificate of CN=server, which is not an authority (RFC 5280 section "
                                + "4.2.1.9): remove it"),
                arguments("MTLS_CRL", "nothing", MISSING),
                arguments("MTLS_CRL", "keys", FOLDER),
                arguments("MTLS_CRL", "text", "holds no certificate revocation list in PEM or DER"),
                arguments("DENIED_CERTIFICATES", "nothing", MISSING),
                arguments("DENIED_CERTIFICATES", "keys", FOLDER),
                arguments(
                        "DENIED_CERTIFICATES",
                        "text",
                        "has neither a SHA-256 fingerprint nor a serial number with its issuer (03:E9 "
                                + "CN=Example CA) on"
                                + " line 1"),
                arguments("AUDIT_FILE", "keys", "is not a regular file: name one, or one that does not exist yet"),
                arguments(
                        "AUDIT_FILE", "nothing/audit.log", "is in a folder that does not exist: make the folder first"),
                arguments("AUDIT_FILE", "link", "is a symbolic link, which is not followed: name the file itself"),
                arguments("SIGNING_KEYS", "nothing", "cannot be read: there is no such folder"),
                arguments("SIGNING_KEYS", "text", "is not a folder: name the one that the files are in"),
                arguments(
                        "SIGNING_KEYS",
                        "empty",
                        "is empty: make keys with 'java -jar token-service.jar keys generate DIR'"));
    }

    @ParameterizedTest
    @MethodSource("badFiles")
    void file_thatCannotBeUsed_isToldWithSettingVariableAndFile(String variable, String file, String problem) {
        Map<String, String> variables = variables(variable, path(file));

        TestCommandLine checked = check(variables);

        assertThat(checked.status()).isEqualTo(1);
        assertThat(checked.problems())
                .singleElement()
                .asString()
                .endsWith(" (" + variable + "): '" + path(file) + "' " + problem);
        assertThat(checked.output()).isEmpty();
        assertSaidByAStart(variables, checked.problems());
    }

    private static void assertSaidByAStart(Map<String, String> variables, List<String> problems) {
        assertThatThrownBy(() -> TestService.start(variables).close())
                .rootCause()
                .message()
                .satisfies(said -> assertThat(said.lines().map(String::strip))
                        .containsAll(problems.stream().map("* "::concat).toList()));
    }

    @Test
    void serverCertificate_expired_isTold() {
        Instant end = Instant.now().minusSeconds(30);
        Identity expired = root.leaf("server").valid(end.minusSeconds(60), end).issue();
        TestAuthority.write(folder.resolve("tls.crt"), expired.certificate());
        TestAuthority.write(folder.resolve("tls.key"), expired.key());

        assertThat(check(variables()).problems())
                .singleElement()
                .asString()
                .contains("'" + path("tls.crt") + "' holds a certificate that expired at ");
    }

    @Test
    void problems_ofSettingsAndOfAllFiles_areToldTogether() throws IOException {
        Files.writeString(folder.resolve("keys/2.pem"), "");
        Files.writeString(folder.resolve("keys/3.pem"), "{}");
        Map<String, String> variables = variables(
                "TOKEN_VALIDITY", "0",
                "MTLS_CERTIFICATE", path("nothing.crt"),
                "MTLS_PRIVATE_KEY", path("nothing.key"),
                "MTLS_TRUST_BUNDLE", path("nothing.pem"),
                "MTLS_CRL", path("nothing.crl"),
                "DENIED_CERTIFICATES", path("nothing.txt"));

        TestCommandLine checked = check(variables);

        assertThat(checked.status()).isEqualTo(1);
        assertThat(checked.problems())
                .hasSize(8)
                .anyMatch(line -> line.startsWith("token.validity (TOKEN_VALIDITY): found '0'"))
                .anyMatch(line -> line.contains("nothing.crt"))
                .anyMatch(line -> line.contains("nothing.key"))
                .anyMatch(line -> line.contains("nothing.pem"))
                .anyMatch(line -> line.contains("nothing.crl"))
                .anyMatch(line -> line.contains("nothing.txt"))
                .anyMatch(line -> line.contains("keys/2.pem"))
                .anyMatch(line -> line.contains("keys/3.pem"));
        assertSaidByAStart(variables, checked.problems());
    }

    @Test
    void key_encrypted_isToldWithoutThePassword() throws Exception {
        run(
                "openssl",
                "pkcs8",
                "-topk8",
                "-in",
                path("tls.key"),
                "-passout",
                "pass:correct",
                "-out",
                path("secret.key"));

        Map<String, String> right =
                variables("MTLS_PRIVATE_KEY", path("secret.key"), "MTLS_PRIVATE_KEY_PASSWORD", "correct");
        Map<String, String> wrong =
                variables("MTLS_PRIVATE_KEY", path("secret.key"), "MTLS_PRIVATE_KEY_PASSWORD", "wrong-one");

        assertThat(check(right).status()).isZero();
        assertThat(check(wrong).problems())
                .singleElement()
                .asString()
                .contains("MTLS_PRIVATE_KEY_PASSWORD")
                .doesNotContain("wrong-one");
    }

    private static void run(String... command) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
    }

    @Test
    void credentials_areReadWhereIamSignsAndAskNobody() throws IOException {
        Path file = Files.writeString(folder.resolve("credentials.json"), "{\"type\":\"unknown\"}");
        Map<String, String> variables = variables(
                "SIGNER", "iam", "SIGNING_ALGORITHM", "ES256", "GOOGLE_APPLICATION_CREDENTIALS", file.toString());

        TestCommandLine checked = check(variables);

        assertThat(checked.status()).isEqualTo(1);
        assertThat(checked.problems())
                .hasSize(2)
                .contains("signing.algorithm (SIGNING_ALGORITHM): found 'ES256', must be RS256 if IAM signs: unset "
                        + "SIGNING_ALGORITHM, or set SIGNER to local")
                .last()
                .asString()
                .startsWith("google.applicationCredentials (GOOGLE_APPLICATION_CREDENTIALS): '" + file
                        + "' cannot be used: ");
        assertThat(check(variables("GOOGLE_APPLICATION_CREDENTIALS", file.toString()))
                        .status())
                .isZero();
    }

    @Test
    void configurationFile_missingOrAFolder_isToldInALine() {
        for (String command : List.of("check", "server")) {
            assertThat(TestCommandLine.run(Map.of(), command, path("nothing.yml"))
                            .problems())
                    .containsExactly(path("nothing.yml") + ": " + MISSING);
            assertThat(TestCommandLine.run(Map.of(), command, folder.toString()).problems())
                    .containsExactly(folder + ": " + FOLDER);
        }
    }

    @Test
    void option_goesBeforeVariableAndFile() throws IOException {
        Path file = Files.writeString(
                folder.resolve("own.yml"), "token: {validity: 6, audiences: [x]}\nserver: {port: 1}\n");
        Map<String, String> environment = Map.of("TOKEN_VALIDITY", "7", "PORT", "2");
        Map<String, String> options = Map.of(
                "token.validity",
                "800",
                "token.audiences",
                "a, b c",
                "server.adminPort",
                "x",
                "server.refusalsPerClient",
                "-1",
                "signing.keys",
                "");

        assertThat(TestCommandLine.run(new Overrides(environment, options), "check", file.toString())
                        .problems())
                .containsExactly(
                        "server.adminPort (-Ddw.server.adminPort): found 'x', must be a whole number, of digits only "
                                + "and at most nine",
                        "server.refusalsPerClient (-Ddw.server.refusalsPerClient): found '-1', must be a whole number, "
                                + "of digits only and at most nine",
                        "token.audiences[1] (-Ddw.token.audiences): found 'b c', must be visible ASCII without "
                                + "spaces, at most 2048 characters",
                        "token.validity (-Ddw.token.validity): found '800', must be 1 to 720 minutes");
        assertThat(TestCommandLine.run(
                                new Overrides(
                                        environment,
                                        Map.of("token.audiences", "a, ${HOME}", "token.issuer", "https://x.example")),
                                "check",
                                file.toString())
                        .output())
                .contains("with -Ddw.token.audiences,-Ddw.token.issuer,PORT,TOKEN_VALIDITY is valid")
                .contains("audiences  https://x.example,a,${HOME}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "token.validty | '-Ddw.token.validty': the key is not known; did you mean -Ddw.token.validity?",
                "TOKEN_ISSUER | '-Ddw.TOKEN_ISSUER': the key is not known; did you mean -Ddw.token.issuer?",
                "frobnicate | '-Ddw.frobnicate': the key is not known; docs/configuration.md lists all",
                "token | '-Ddw.token': the key is not known; docs/configuration.md lists all",
                "token.audiences[0] | '-Ddw.token.audiences[0]': set the whole list, its values separated by commas: "
                        + "-Ddw.token.audiences=A,B",
                "authentication.proxy.secrets | '-Ddw.authentication.proxy.secrets': everyone on this machine "
                        + "can read a command line: "
                        + "set PROXY_SECRET or the key in the file"
            })
    void option_thatCannotBeOne_isRefusedByEachCommandWithoutItsValue(String key, String problem) {
        Overrides overrides = new Overrides(Map.of(), Map.of(key, "hunter2"));

        for (String command : List.of("check", "server")) {
            TestCommandLine ended = TestCommandLine.run(overrides, command, "config.yml");
            assertThat(ended.status()).isEqualTo(1);
            assertThat(ended.problems()).containsExactly(problem);
        }
        TestCommandLine doctor = TestCommandLine.run(overrides, "doctor", "config.yml");
        assertThat(doctor.status()).isEqualTo(2);
        assertThat(doctor.output()).contains("-Ddw." + key).doesNotContain("hunter2");
    }
}
