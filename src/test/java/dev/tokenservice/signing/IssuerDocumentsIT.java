package dev.tokenservice.signing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.TestCommandLine;
import dev.tokenservice.configuration.Overrides;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.TestClock;
import dev.tokenservice.testing.TestService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The issuer as files, and the commands that keep its keys, as an operator runs them. */
class IssuerDocumentsIT {

    private static final List<String> DOCUMENTS = List.of(
            ".well-known/jwks.json", ".well-known/openid-configuration", ".well-known/oauth-authorization-server");

    @TempDir
    Path folder;

    private static void assertEnds(int status, String text, Map<String, String> variables, String... arguments) {
        assertEnded(status, text, TestCommandLine.run(variables, arguments));
    }

    private static void assertEnded(int status, String text, TestCommandLine ended) {
        assertThat(ended.output() + ended.errors()).contains(text);
        assertThat(ended.status()).as(ended.errors()).isEqualTo(status);
    }

    @Test
    void export_ofARing_isToTheByteWhatTheServiceAnswers() throws Exception {
        String keys = folder.resolve("keys").toString();
        Map<String, String> variables = new HashMap<>(Map.of(
                "SIGNING_KEYS", keys,
                "SIGNING_ALGORITHM", "ES256",
                "TOKEN_ISSUER", "https://issuer.example/a",
                "TOKEN_JWKS_URI", "https://keys.example/jwks.json"));
        assertEnds(0, "is published (new)", variables, "keys", "generate", keys);
        assertEnds(0, "signs from", variables, "keys", "generate", keys, "--algorithm", "rs256");
        Path export = folder.resolve("public");
        assertEnds(0, "openid-configuration", variables, "issuer", "export", export.toString());

        try (TestService service = TestService.start(variables)) {
            for (String document : DOCUMENTS) {
                Path file = export.resolve(document);
                assertThat(Files.readString(file))
                        .isEqualTo(service.send(Request.get("/" + document)).body());
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .isEqualTo("rw-r--r--");
            }
        }
        assertThat(Files.readString(export.resolve(DOCUMENTS.get(0))).split("\"kid\"", -1))
                .as("an active key and its successor for each algorithm")
                .hasSize(1 + 4);
        assertThat(Files.readString(export.resolve(DOCUMENTS.get(1))))
                .contains("\"jwks_uri\":\"https://keys.example/jwks.json\"", "[\"ES256\",\"RS256\"]");
        variables.remove("TOKEN_ISSUER");
        assertEnds(1, "TOKEN_ISSUER is not set", variables, "issuer", "export", export.toString());
    }

    @Test
    void keys_asAnOperatorRunsThem_endWithTheStatusesOfThePage() {
        String keys = folder.resolve("keys").toString();
        Map<String, String> none = Map.of();

        assertEnds(64, "--help", none, "keys");
        assertEnds(64, "must be RS256 or ES256", none, "keys", "generate", keys, "--algorithm", "PS256");
        assertEnds(64, "must be a duration", none, "keys", "rotate", keys, "--every", "month");
        assertEnds(64, "--compromised", none, "keys", "revoke", keys, "kid");
        assertEnds(
                1,
                "does not manage the keys of a token",
                Map.of("SIGNING_PKCS11", "pkcs11:token=t?module-path=/p11.so&pin-source=/pin"),
                "keys",
                "generate",
                keys);
        assertEnds(1, "is not a folder", none, "keys", "rotate", keys);
        assertEnds(0, "is published (new)", none, "keys", "generate", keys, "--algorithm", "ES256");
        assertEnds(0, "nothing was due", none, "keys", "rotate", keys, "--every", "30d");
        assertEnds(0, "\"state\" : \"active\"", none, "keys", "list", keys, "--json");
        assertEnds(0, "{\"keys\":[{", none, "keys", "jwks", keys);
        assertEnds(1, "holds no key kid", none, "keys", "revoke", keys, "kid", "--compromised");

        TestClock later = new TestClock();
        later.ahead(Duration.ofMinutes(1));
        TestCommandLine unreadable = TestCommandLine.run(
                Overrides.of(Map.of("KEY_CACHE_TIME", "1s", "KEY_PUBLISH_LEAD", "1s")),
                later,
                "keys",
                "rotate",
                keys,
                "--published",
                "http://127.0.0.1:1/jwks.json");
        assertEnded(3, "cannot be read", unreadable);
    }
}
