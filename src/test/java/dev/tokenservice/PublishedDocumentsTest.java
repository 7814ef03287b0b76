package dev.tokenservice;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tokenservice.configuration.Overrides;
import dev.tokenservice.testing.TestClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is exported is what a service publishes: tokens of a policy can live longer than the settings say. */
class PublishedDocumentsTest {

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock();

    private void run(Map<String, String> environment, String... arguments) {
        TestCommandLine ended = TestCommandLine.run(Overrides.of(environment), clock, arguments);
        assertThat(ended.status()).as(ended.output()).isZero();
    }

    private int exportedKeys(Map<String, String> environment) throws IOException {
        run(environment, "issuer", "export", folder.resolve("site").toString());
        return new JsonMapper()
                .readTree(folder.resolve("site/.well-known/jwks.json").toFile())
                .path("keys")
                .size();
    }

    @Test
    void export_keyThatRetiredLongerAgoThanTheValidityOfTheSettings_isThereWithAPolicy() throws IOException {
        String keys = folder.resolve("keys").toString();
        run(Map.of(), "keys", "generate", keys, "--algorithm", "ES256");
        clock.ahead(Duration.ofDays(31));
        run(Map.of(), "keys", "rotate", keys, "--every", "30d");
        clock.ahead(Duration.ofDays(31).plusHours(30));
        Map<String, String> settings = new HashMap<>(Map.of(
                "SIGNER", "local",
                "SIGNING_ALGORITHM", "ES256",
                "SIGNING_KEYS", keys,
                "TOKEN_ISSUER", "https://issuer.example"));

        assertThat(exportedKeys(settings)).isEqualTo(2);
        settings.put(
                "POLICY",
                Files.writeString(folder.resolve("policy.yml"), "version: 1\nrules: allow-all\n")
                        .toString());
        assertThat(exportedKeys(settings)).isEqualTo(3);
    }
}
