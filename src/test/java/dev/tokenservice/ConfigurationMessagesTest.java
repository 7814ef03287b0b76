package dev.tokenservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Mistakes that operators make in the configuration, and the whole message that each of them reads. */
class ConfigurationMessagesTest {

    private static final String FLOWS =
            "must be one of the known flows [alb-mtls-client-credentials, envoy-mtls-client-credentials, "
                    + "mtls-client-credentials, "
                    + "pem-mtls-client-credentials, rfc9440-mtls-client-credentials, xlb-mtls-client-credentials]";
    private static final String ISSUER =
            "must be an https URL (http for this machine only) without query and fragment, at most 600 " + "characters";
    private static final String GROUPS = "the known keys here are [...]";
    private static final String NOT_YAML = "FILE: is not a well-formed YAML file: ";

    @TempDir
    Path folder;

    /** Which keys there are is the configuration page's to tell. */
    private static String withoutKnownKeys(String problem) {
        return problem.replaceFirst("the known keys here are \\[[^]]*]", GROUPS);
    }

    static Stream<Arguments> refusedVariables() {
        return Stream.of(
                arguments(
                        "TOKEN_VALIDITY",
                        "five",
                        "token.validity (TOKEN_VALIDITY): found 'five', must be minutes, such as 5, 5m or PT5M"),
                arguments(
                        "PORT",
                        "99999",
                        "server.port (PORT): found '99999', must be a port number, 0 to 65535, or off"),
                arguments(
                        "TOKEN_ISSUER",
                        "http://tokens.example.com",
                        "token.issuer (TOKEN_ISSUER): found 'http://tokens.example.com', " + ISSUER),
                arguments(
                        "TOKEN_ISSUER",
                        "tokens.example.com",
                        "token.issuer (TOKEN_ISSUER): found 'tokens.example.com', " + ISSUER),
                arguments(
                        "TOKEN_ISSUER",
                        "",
                        "token.issuer (TOKEN_ISSUER): the variable is set but empty: unset it, or set a value"),
                arguments(
                        "AUTH_FLOWS",
                        "mtls",
                        "authentication.flows[0] (AUTH_FLOWS): found 'mtls', " + FLOWS
                                + "; did you mean mtls-client-credentials?"),
                arguments(
                        "LOG_LEVEL",
                        "verbose",
                        "logging.level (LOG_LEVEL): found 'verbose', must be OFF, ERROR, WARN, INFO, DEBUG or TRACE"),
                arguments(
                        "WORKLOAD_IDENTITY_PROJECT_NUMBER",
                        "my-project",
                        "workloadIdentity.projectNumber (WORKLOAD_IDENITY_PROJECT_NUMBER or "
                                + "WORKLOAD_IDENTITY_PROJECT_NUMBER): "
                                + "found 'my-project', must be the project NUMBER, digits only; find it with: "
                                + "gcloud projects "
                                + "describe PROJECT_ID --format='value(projectNumber)'"),
                arguments(
                        "TRUSTED_PROXIES",
                        "192.0.2.1,10.0.0.1/8",
                        "authentication.proxy.addresses[1] (TRUSTED_PROXIES): found '10.0.0.1/8', must be the "
                                + "first address of the network, with no bit set after /8: did you "
                                + "mean 10.0.0.0/8?"),
                arguments(
                        "TRUSTED_PROXIES",
                        "10.0.0.0/40",
                        "authentication.proxy.addresses[0] (TRUSTED_PROXIES): found '10.0.0.0/40', must have a "
                                + "prefix of at most "
                                + "32 bits"),
                arguments(
                        "PROXY_SECRET",
                        "a b",
                        "authentication.proxy.secrets[0] (PROXY_SECRET): found a value that is not shown, must "
                                + "be 1 to 256 "
                                + "printable ASCII characters without a space: use 32 random ones"),
                arguments(
                        "TOKEN_AUDIENCES",
                        "a, b c",
                        "token.audiences[1] (TOKEN_AUDIENCES): found 'b c', must be visible ASCII without "
                                + "spaces, at most 2048 "
                                + "characters"),
                arguments(
                        "MTLS_TRUST_BUNDLE",
                        "/nowhere/ca.pem",
                        "authentication.tls.trustBundle (MTLS_TRUST_BUNDLE): '/nowhere/ca.pem' cannot be read: "
                                + "the file does not exist"),
                arguments(
                        "SIGNING_KEYS",
                        "/nowhere/keys",
                        "signing.keys (SIGNING_KEYS): '/nowhere/keys' cannot be read: there is no such folder"),
                arguments(
                        "MTLS_TRUST_BUNDLE",
                        "/",
                        "authentication.tls.trustBundle (MTLS_TRUST_BUNDLE): '/' is a folder: name a file in it"));
    }

    @ParameterizedTest
    @MethodSource("refusedVariables")
    void variable_mistaken_isToldInOneLine(String name, String value, String message) {
        Map<String, String> environment = Map.of(name, value, "MTLS_VERIFY_FORWARDED", "false");

        for (String command : new String[] {"check", "server"}) {
            TestCommandLine ended = TestCommandLine.run(environment, command);
            assertThat(ended.status()).as(command).isEqualTo(1);
            assertThat(ended.problems().stream().filter(line -> line.contains(name)))
                    .as(command)
                    .contains(message);
        }
    }

    static Stream<Arguments> files() {
        return Stream.of(
                arguments(
                        "token:\n  validty: 5\n",
                        "token.validty: the key is unknown; " + GROUPS + "; did you mean validity?"),
                arguments(
                        "token:\n  Issuer: https://x\n",
                        "token.Issuer: the key is unknown; " + GROUPS + "; did you mean issuer?"),
                arguments(
                        "token_validity: 5\n",
                        "token_validity: the key is unknown; " + GROUPS + "; did you mean token.validity?"),
                arguments(
                        "validity: 5\n", "validity: the key is unknown; " + GROUPS + "; did you mean token.validity?"),
                arguments(
                        "x-common: {validity: 5}\n",
                        "x-common: the key is unknown; " + GROUPS
                                + "; keys with x- are for YAML anchors, which this file "
                                + "cannot have: write each value where it belongs"),
                arguments(
                        "token: &common\n  validity: 5\n",
                        "FILE: holds the anchor &common: remove it; settings are not repeated by reference "
                                + "(line 1, column"
                                + " 8)"),
                arguments("token:\nsigning: {}\n", "token: has no value: set one, or remove the key"),
                arguments(
                        "token:\n  audiences: a\n",
                        "token.audiences (TOKEN_AUDIENCES): found 'a', must be a list, such as [a]"),
                arguments(
                        "token:\n\tvalidity: 5\n", NOT_YAML + "a tab: YAML is indented with spaces (line 2, column 1)"),
                arguments(
                        "token:\n  issuer: \"https://x.example\n  validity: 5\n",
                        NOT_YAML + "a quote that is not closed (line 2, column 11)"),
                arguments(
                        "token:\n  issuer: 'https://x.example\n  audience: 'y'\n",
                        NOT_YAML
                                + "something that does not belong here: see whether a quote before it closes "
                                + "too early (line 3,"
                                + " column 14)"),
                arguments(
                        "token:\n  validity: 5\n issuer: x\n",
                        NOT_YAML
                                + "the indentation fits none of the lines above: all keys of a group begin in "
                                + "the same column"
                                + " (line 3, column 2)"),
                arguments(
                        "token: validity: 5\n",
                        NOT_YAML
                                + "a colon that does not fit: put a value with a colon in quotes, and the keys "
                                + "of a group on "
                                + "lines of their own (line 1, column 16)"),
                arguments("token: {validity: 5\n", NOT_YAML + "a bracket that is not closed (line 2, column 1)"),
                arguments(
                        "token: {issuer: @x}\n",
                        NOT_YAML
                                + "a character that no value begins with: put the value in quotes (line 1, "
                                + "column 17)"),
                arguments("token:\n  validity: 5\n  validity: 6\n", NOT_YAML + "Duplicate field 'validity' (line 3)"),
                arguments(
                        "token:\n  issuer: ${ISSUER:-https://tokens.example.com}\n",
                        "token.issuer (TOKEN_ISSUER): found '${ISSUER:-https://tokens.example.com}', ${...} is not "
                                + "expanded in this file: remove the key, and set TOKEN_ISSUER"),
                arguments(
                        "server:\n  port: ${PORT:-8080}\n",
                        "server.port (PORT): found '${PORT:-8080}', ${...} is not expanded in this file: remove the "
                                + "key, and set PORT"),
                arguments(
                        "token:\n  audiences: [\"${AUDIENCE}\"]\n",
                        "token.audiences (TOKEN_AUDIENCES): found '${AUDIENCE}', ${...} is not expanded in this file: "
                                + "remove the key, and set TOKEN_AUDIENCES"),
                arguments(
                        "authentication:\n  proxy:\n    secrets: [\"${PROXY_SECRET}\"]\n",
                        "authentication.proxy.secrets (PROXY_SECRET): found a value that is not shown, ${...} is not "
                                + "expanded in this file: remove the key, and set PROXY_SECRET"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void file_mistaken_isToldInOneLine(String yaml, String message) throws IOException {
        Path file = Files.writeString(folder.resolve("config.yml"), yaml);

        for (String command : new String[] {"check", "server"}) {
            TestCommandLine ended = TestCommandLine.run(Map.of(), command, file.toString());
            assertThat(ended.status()).as(command).isEqualTo(1);
            assertThat(ended.problems().stream().map(ConfigurationMessagesTest::withoutKnownKeys))
                    .as(command)
                    .containsExactly(message.replace("FILE", file.toString()));
        }
    }

    @Test
    void file_thatIsAFolder_isToldInOneLine() {
        assertThat(TestCommandLine.run(Map.of(), "server", folder.toString()).problems())
                .containsExactly(folder + ": is a folder: name a file in it");
    }

    static Stream<Arguments> taken() {
        return Stream.of(
                arguments("TOKEN_VALIDITY", "5m"),
                arguments("TOKEN_VALIDITY", "PT5M"),
                arguments("AUTH_FLOWS", "XLB-mtls-client-credentials"),
                arguments("LOG_LEVEL", "debug"),
                arguments("LOG_FORMAT", "JSON"),
                arguments("SIGNER", "LOCAL"),
                arguments("SIGNING_ALGORITHM", "es256"));
    }

    @ParameterizedTest
    @MethodSource("taken")
    void variable_inAnotherForm_isTaken(String name, String value) {
        assertThat(TestCommandLine.run(Map.of(name, value), "check"))
                .satisfies(
                        ended -> assertThat(ended.status()).as(ended.errors()).isZero())
                .satisfies(ended -> assertThat(ended.errors()).isEmpty());
    }

    static Stream<Arguments> misspelt() {
        return Stream.of(
                arguments("TOKEN_ISSUR", "TOKEN_ISSUER"),
                arguments("TOKENISSUER", "TOKEN_ISSUER"),
                arguments("LOGLEVEL", "LOG_LEVEL"));
    }

    @ParameterizedTest
    @MethodSource("misspelt")
    void variable_misspelt_isWarnedOf(String name, String meant) {
        TestCommandLine ended = TestCommandLine.run(Map.of(name, "x"), "check");

        assertThat(ended.status()).isZero();
        assertThat(ended.output().lines())
                .contains("warning: the environment variable " + name + " is unknown and has no effect: did you mean "
                        + meant + "?");
    }

    static Stream<Arguments> options() {
        return Stream.of(
                arguments("server --port 9090", "unknown option --port; set PORT=9090 or java -Ddw.server.port=9090"),
                arguments(
                        "server --token-issuer=https://x",
                        "unknown option --token-issuer; set TOKEN_ISSUER=https://x or java "
                                + "-Ddw.token.issuer=https://x"),
                arguments(
                        "check --validity",
                        "unknown option --validity; set TOKEN_VALIDITY=... or java -Ddw.token.validity=..."),
                arguments("server --proxy-secret hunter2", "unknown option --proxy-secret; set PROXY_SECRET"),
                arguments("server --frobnicate", "unrecognized arguments: '--frobnicate'"));
    }

    @ParameterizedTest
    @MethodSource("options")
    void option_thatIsASetting_isAnsweredInTwoLines(String arguments, String message) {
        TestCommandLine ended = TestCommandLine.run(Map.of(), arguments.split(" ", -1));

        assertThat(ended.status()).isEqualTo(64);
        assertThat(ended.errors().lines())
                .containsExactly(
                        message, "see: java -jar token-service.jar " + arguments.split(" ", -1)[0] + " --help");
    }

    @Test
    void port_taken_isToldByTheStartWithTheVariables() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[4]))) {
            String port = Integer.toString(taken.getLocalPort());
            TestCommandLine ended = TestCommandLine.run(
                    Map.of("PORT", port, "ADMIN_PORT", "0", "SIGNING_ALGORITHM", "ES256"), "server", "config.yml");

            assertThat(ended.status()).isEqualTo(1);
            assertThat(ended.errors().lines())
                    .singleElement()
                    .asString()
                    .contains(":" + port)
                    .endsWith(": the port is taken, or not allowed; set PORT, ADMIN_PORT or MTLS_PORT");
        }
    }
}
