package dev.tokenservice.authentication.sources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Http;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.TestCertificates;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestService;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Headers as chance has it: no token without a verified certificate, and never a failure of the service's own. */
class RandomHeadersIT {

    private static final int ROUNDS = 500;
    private static final long SEED = 20_240_229;
    private static final Headers GOOD = TestLoadBalancer.verified(TestCertificates.authority("Test CA")
            .client()
            .uri("spiffe://example.org/robot/1")
            .uri("urn:robot:1")
            .dns("robot.example.org")
            .issue());

    /** What a load balancer may say with a verified certificate, beside what it says of the good one. */
    private static final Map<String, Set<String>> ALSO_SOUND = Map.of(
            TestLoadBalancer.PRESENT, Set.of("True", "TRUE"),
            TestLoadBalancer.VERIFIED, Set.of("True", "TRUE"),
            TestLoadBalancer.ERROR, Set.of("client_cert_uri_sans_exceeded_size_limit"),
            TestLoadBalancer.SPIFFE, Set.of("spiffe://other.example/x"),
            TestLoadBalancer.HASH, Set.of(""),
            TestLoadBalancer.SERIAL, Set.of("", "00:ff"),
            TestLoadBalancer.URI_SANS, Set.of("", "YQ,Yg==", GOOD.value(TestLoadBalancer.DNS_SANS)),
            TestLoadBalancer.DNS_SANS, Set.of("", "YQ==,Yg", GOOD.value(TestLoadBalancer.URI_SANS)),
            TestLoadBalancer.NOT_BEFORE, Set.of("", "2001-01-01T00:00:00+00:00"),
            TestLoadBalancer.NOT_AFTER, Set.of("", "2201-01-01T00:00:00Z"));

    /** What is wrong in every header, even where it looks good in another one. */
    private static final List<String> UNSOUND = List.of(
            "false",
            "FALSE",
            "0",
            "truefalse",
            "true,true",
            "client_cert_validation_failed",
            "client_cert_not_provided",
            "*",
            "%00",
            "spiffe://",
            "spiffe://a,b",
            "\u00e4",
            "2001-01-01T00:00:00",
            "=",
            ",,",
            "::",
            "{}",
            "<!--",
            "${x}",
            "\"true\"",
            "tr\u00fce");

    private final Random random = new Random(SEED);

    @Test
    void token_randomHeaders_isIssuedOnlyForVerifiedCertificates() throws IOException {
        TestService service = TestService.shared();
        Map<Boolean, Integer> decisions = new HashMap<>();
        try (Http.Connection connection = new Http.Connection(service.port())) {
            for (int round = 0; round < ROUNDS; round++) {
                Headers headers = headers();
                boolean sound = isSound(headers);

                Response answer = connection.send(TestService.tokenRequest(headers));

                assertThat(answer.status())
                        .as("round %d: %s gives %s", round, headers, answer.body())
                        .isEqualTo(sound ? 200 : 401);
                assertThat(answer.body().contains("id_token")).isEqualTo(sound);
                decisions.merge(sound, 1, Integer::sum);
            }
        }
        assertThat(decisions.get(true)).isGreaterThan(ROUNDS / 20);
        assertThat(decisions.get(false)).isGreaterThan(ROUNDS / 2);
    }

    /** Mostly what a load balancer sends, with up to four things changed. */
    private Headers headers() {
        Headers headers = GOOD;
        for (int changes = random.nextInt(5); changes > 0; changes--) {
            headers = changed(headers, pick(TestLoadBalancer.ALL));
        }
        return headers;
    }

    private Headers changed(Headers headers, String name) {
        String twin = name.substring(0, name.lastIndexOf('-')) + "_" + name.substring(name.lastIndexOf('-') + 1);
        return switch (random.nextInt(9)) {
            case 0 -> headers.without(name);
            case 1 -> headers.with(name, "");
            case 2 -> headers.with(name, pick(UNSOUND));
            case 3 -> headers.with(name, pick(List.copyOf(new TreeSet<>(ALSO_SOUND.getOrDefault(name, Set.of())))));
            case 4 -> headers.and(name, pick(UNSOUND));
            case 5 -> headers.and(twin, GOOD.value(name));
            case 6 -> headers.without(name).and(name.toUpperCase(Locale.ROOT), GOOD.value(name));
            case 7 -> headers.with(name, noise());
            default -> headers.with(name, GOOD.value(pick(TestLoadBalancer.ALL)));
        };
    }

    private String noise() {
        StringBuilder noise = new StringBuilder("!");
        for (int length = random.nextInt(60); length > 0; length--) {
            char c = (char) random.nextInt(0x100);
            noise.append(Character.isISOControl(c) ? '?' : c);
        }
        return noise.append('!').toString();
    }

    private String pick(List<String> values) {
        return values.get(random.nextInt(values.size()));
    }

    /** What the service has to find out, told from the lines alone: every header once at most, and sound; three of them there. */
    private static boolean isSound(Headers headers) {
        for (String name : TestLoadBalancer.ALL) {
            List<Headers.Header> lines = headers.all().stream()
                    .filter(line -> line.name().replace('_', '-').equalsIgnoreCase(name))
                    .toList();
            if (lines.size() > 1) {
                return false;
            }
            if (!lines.isEmpty() && lines.get(0).name().contains("_")) {
                return false;
            }
            String value = lines.isEmpty() ? "" : lines.get(0).value();
            if (!value.equals(GOOD.value(name))
                    && !ALSO_SOUND.getOrDefault(name, Set.of()).contains(value)) {
                return false;
            }
        }
        return true;
    }
}
