package dev.tokenservice;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.tokenservice.policy.Profile;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@code relying-parties show} says. */
class RelyingPartiesCommandTest {

    private static final Pattern DOCUMENT = Pattern.compile("<<'(JSON|YAML)'\n(.*?)\n\\1\n", Pattern.DOTALL);
    private static final String POLICY = """
            version: 1
            relyingParties:
              google: {profile: google, audience: "it's mine"}
              aws: {profile: aws, audience: sts.amazonaws.com, tokenValidity: 2m, subject: "robots/{client.id}"}
              entra: {profile: entra, audience: 'api://"quoted"', include: minimal}
            rules: allow-all
            """;

    @TempDir
    Path folder;

    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void write() throws IOException {
        environment.put("POLICY", policy(POLICY.replace("it's mine", "it's-mine")));
        environment.put("TOKEN_ISSUER", "https://tokens.example.com");
    }

    private String policy(String text) throws IOException {
        return Files.writeString(folder.resolve("policy.yml"), text).toString();
    }

    private TestCommandLine show(String... arguments) {
        String[] all = new String[arguments.length + 2];
        all[0] = "relying-parties";
        all[1] = "show";
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return TestCommandLine.run(environment, all);
    }

    @Test
    void show_one_hasItsTokensItsLimitsAndTheCommands() {
        TestCommandLine shown = show("aws");

        assertThat(shown.status()).isZero();
        assertThat(shown.output())
                .startsWith("Relying party aws (profile aws)\n")
                .contains(
                        "  iss: https://tokens.example.com\n",
                        "  aud: sts.amazonaws.com\n",
                        "  sub: robots/{client.id}\n",
                        "  signed with: RS256\n",
                        "  valid for: 120 s at most\n",
                        "the ID token: at most 20000 characters - https://docs.aws.amazon.com/STS/",
                        "(read on 2026-11-30)",
                        "aws iam create-open-id-connect-provider --url https://tokens.example.com --client-id-list "
                                + "sts.amazonaws.com\n",
                        "\"tokens.example.com:aud\": \"sts.amazonaws.com\"")
                .doesNotContain("{{");
    }

    @Test
    void show_all_quotesWhatIsNoPlainWord() {
        String shown = show().output();

        assertThat(shown)
                .contains("Relying party google ", "Relying party aws ", "Relying party entra ")
                .contains("  --allowed-audiences='it'\\''s-mine'", "\"audiences\": [\"api://\\\"quoted\\\"\"]")
                .contains("  claims: iss, aud, sub, iat, exp, jti\n");
    }

    @ParameterizedTest
    @EnumSource(Profile.class)
    void show_aProfile_hasDocumentsThatCanBeRead(Profile profile) throws IOException {
        environment.remove("POLICY");
        TestCommandLine shown = show(profile.label());

        assertThat(shown.status()).isZero();
        assertThat(shown.output())
                .contains("AUDIENCE", "https://tokens.example.com")
                .doesNotContain("{{");
        assertThat(shell("bash -n", shown.output().replaceAll("(?s).*What to enter there\n", "")))
                .isZero();
        Matcher documents = DOCUMENT.matcher(shown.output());
        while (documents.find()) {
            if (documents.group(1).equals("JSON")) {
                JsonNode read = new JsonMapper().readTree(documents.group(2));
                assertThat(read.toString()).contains("AUDIENCE");
            } else {
                JsonNode read = new YAMLMapper().readTree(documents.group(2));
                assertThat(read.at("/jwt/0/issuer").toString())
                        .isEqualTo("{\"url\":\"https://tokens.example.com\",\"audiences\":[\"AUDIENCE\"]}");
            }
        }
    }

    private static int shell(String command, String input) throws IOException {
        Process shell = new ProcessBuilder("sh", "-c", command)
                .inheritIO()
                .redirectInput(Redirect.PIPE)
                .start();
        try (OutputStream stdin = shell.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        }
        return shell.onExit().join().exitValue();
    }

    @Test
    void show_withoutAPolicy_hasThoseOfTheSettings() {
        environment.remove("POLICY");
        environment.put("TOKEN_AUDIENCE", "a");
        environment.put("TOKEN_AUDIENCES", "b");

        assertThat(show().output()).contains("Relying party default ", "Relying party audience-1 ");
    }

    @Test
    void show_unknownName_namesThoseThatThereAre() {
        TestCommandLine shown = show("asw2");

        assertThat(shown.status()).isEqualTo(1);
        assertThat(shown.output()).contains("the relying party asw2 is unknown; known: google, aws, entra");
    }

    @Test
    void show_invalidPolicy_saysWhatIsWrong() throws IOException {
        policy(POLICY);
        environment.put("TOKEN_ISSUER", "https://tokens.example.com:8443");

        TestCommandLine shown = show();

        assertThat(shown.status()).isEqualTo(1);
        assertThat(shown.output())
                .contains(":3:39: must be visible ASCII without spaces")
                .contains(
                        "the issuer (iss) is 'https://tokens.example.com:8443', and must be an https URL without port and query")
                .contains("change TOKEN_ISSUER");
    }
}
