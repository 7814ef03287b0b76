package dev.tokenservice.signing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.TestCommandLine;
import dev.tokenservice.configuration.Overrides;
import dev.tokenservice.testing.Eventually;
import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.TestCertificates;
import dev.tokenservice.testing.TestClock;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestMetrics;
import dev.tokenservice.testing.TestService;
import dev.tokenservice.testing.TestToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two replicas, and a relying party that verifies with the keys that somebody has uploaded there, and with no others. Every token
 * that it gets must be signed with one of them.
 */
class UploadedKeysIT {

    private static final Duration MONTH = Duration.ofDays(30);
    private static final Headers CLIENT = TestLoadBalancer.verified(TestCertificates.authority("Test CA")
            .client()
            .uri("spiffe://example.org/robot")
            .validFor(MONTH.multipliedBy(4))
            .issue());

    private static final String UPLOADED = """
            version: 1
            relyingParties:
              bank: {audience: https://bank.example, keys: uploaded}
              shop: {audience: https://shop.example}
            rules: allow-all
            """;

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock();
    private final Set<String> atTheBank = new HashSet<>();
    private final Map<String, String> environment = new HashMap<>();
    private List<TestService> replicas = List.of();
    private String keys = "";

    @BeforeEach
    void start() throws IOException {
        keys = folder.resolve("keys").toString();
        Path policy = Files.writeString(folder.resolve("policy.yml"), UPLOADED);
        environment.putAll(Map.of("SIGNING_KEYS", keys, "SIGNING_ALGORITHM", "ES256", "POLICY", policy.toString()));
        keys("generate");
        replicas = List.of(TestService.start(environment), TestService.start(environment));
        upload();
    }

    @AfterEach
    void close() {
        replicas.forEach(TestService::close);
    }

    private String keys(String action, String... rest) {
        TestCommandLine ended = TestCommandLine.run(
                Overrides.of(environment),
                clock,
                Stream.concat(Stream.of("keys", action, keys), Stream.of(rest)).toArray(String[]::new));
        assertThat(ended.status()).as(ended.errors()).isZero();
        return ended.output();
    }

    /** What an operator does at the relying party. */
    private void upload() {
        TestToken.keys(replicas.get(0)).getKeys().forEach(key -> atTheBank.add(key.getKeyID()));
    }

    private void confirmAll() {
        atTheBank.forEach(kid -> keys("confirm", kid, "--relying-party", "bank"));
        reload();
    }

    private void move(Duration ahead) {
        clock.ahead(ahead);
        replicas.forEach(replica -> replica.clock().ahead(ahead));
    }

    private void reload() {
        replicas.forEach(replica -> Eventually.within(
                Duration.ofSeconds(10),
                200,
                () -> replica.sendToAdmin(Request.post("/tasks/reload")).status()));
    }

    /** The key that both replicas sign with. */
    private String signs() {
        Set<String> kids = new HashSet<>();
        for (TestService replica : replicas) {
            Response bank = replica.token(CLIENT, "relying_party", "bank");
            String kid = TestToken.of(replica, bank).header().path("kid").textValue();
            assertThat(atTheBank).contains(kid);
            kids.add(kid);
            kids.add(TestToken.of(replica, replica.token(CLIENT, "relying_party", "shop"))
                    .header()
                    .path("kid")
                    .textValue());
        }
        assertThat(kids).hasSize(1);
        return kids.iterator().next();
    }

    private String health() {
        return replicas.get(0)
                .sendToAdmin(Request.get("/healthcheck"))
                .json()
                .path("uploaded-keys")
                .toString();
    }

    private double unconfirmedSeconds() {
        return TestMetrics.of(replicas.get(0))
                .value("token_service_signing_key_unconfirmed_seconds", Map.of("algorithm", "ES256"));
    }

    @Test
    void rotation_withUploadedKeys_waitsForTheConfirmation_andGoesOn() {
        String first = signs();
        assertThat(health()).contains("\"healthy\":false", first + " signs, and is not confirmed for bank");
        confirmAll();
        assertThat(health()).contains("\"healthy\":true", "every key is confirmed");
        assertThat(unconfirmedSeconds()).isZero();

        move(MONTH);
        assertThat(keys("rotate", "--every", "30d")).contains("signs from", "The relying party bank needs the key");
        reload();
        String second = signs();
        assertThat(second).isNotEqualTo(first);
        assertThat(unconfirmedSeconds()).isLessThan(60);

        move(MONTH.multipliedBy(2));
        assertThat(keys("rotate", "--every", "30d"))
                .contains(" waits for the relying party bank: upload")
                .contains("--relying-party bank");
        reload();
        assertThat(signs()).isEqualTo(second);
        assertThat(unconfirmedSeconds()).isGreaterThan(29 * 86400);

        upload();
        confirmAll();
        assertThat(keys("rotate", "--every", "30d")).contains("signs from");
        reload();
        assertThat(signs()).isNotIn(first, second);
    }

    /** Whoever activates a key without the policy does not make the service sign with it. */
    @Test
    void activation_withoutThePolicy_isHeldByTheService() {
        String first = signs();
        String withPolicy = String.valueOf(environment.remove("POLICY"));
        move(MONTH);
        atTheBank.removeIf(kid -> !kid.equals(first));
        assertThat(keys("rotate", "--every", "30d")).contains("signs from");
        environment.put("POLICY", withPolicy);
        reload();

        assertThat(signs()).isEqualTo(first);
        assertThat(keys("list")).contains("signs once it is confirmed").contains("waits for bank");
        assertThat(health()).contains("until it is confirmed for bank");

        upload();
        confirmAll();
        assertThat(signs()).isNotEqualTo(first);
        assertThat(health()).doesNotContain("until it is confirmed for bank");
    }

    /** The mark comes and goes while the service runs. */
    @Test
    void mark_thatIsTakenAway_endsTheHold() throws IOException {
        String first = signs();
        move(MONTH);
        keys("rotate", "--every", "30d");
        reload();
        assertThat(signs()).isEqualTo(first);

        Files.writeString(folder.resolve("policy.yml"), UPLOADED.replace(", keys: uploaded", ""));
        reload();
        assertThat(signs()).isEqualTo(first);
        assertThat(keys("rotate", "--every", "30d")).contains("signs from");
        reload();
        assertThat(signs()).isNotEqualTo(first);
    }
}
