package dev.tokenservice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.TestMetrics;
import dev.tokenservice.testing.TestMetrics.Sample;
import dev.tokenservice.testing.TestMonitored;
import dev.tokenservice.testing.TestService;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The metrics of a running service, held to the conventions of Prometheus (naming, units, help). */
class MetricsIT {

    /** Units that Prometheus has a base unit for; {@code percent}, too, is a ratio. */
    private static final Pattern WRONG_UNIT = Pattern.compile(
            ".*_(ms|millis|milliseconds|micros|microseconds|nanos|minutes|hours|days|kb|kilobytes|mb|percent)(_.*)?");

    private static final Map<String, String> UNITS =
            Map.of("duration", "_seconds", "timestamp", "_timestamp_seconds", "memory", "_bytes", "build", "_info");

    /** All labels that there are. None of them holds what a client chooses. */
    private static final Set<String> LABELS = Set.of(
            "flow",
            "algorithm",
            "state",
            "kind",
            "error",
            "reason_code",
            "call",
            "outcome",
            "endpoint",
            "status",
            "limit",
            "version",
            "generation",
            "content",
            "authority",
            "relying_party",
            "rule",
            "check",
            "port",
            "reason",
            "le");

    @TempDir
    static Path folder;

    private static TestService service;
    private static TestMetrics metrics;

    @BeforeAll
    static void start() throws Exception {
        service = TestMonitored.start(folder);
        metrics = TestMetrics.of(service);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void everyMetric_hasHelpAndTypeAndNoOther() {
        assertThat(metrics.help().keySet()).isEqualTo(metrics.types().keySet());
        assertThat(metrics.samples())
                .allSatisfy(sample -> assertThat(metrics.types()).containsKey(metrics.metric(sample.name())));
        assertThat(metrics.own()).hasSizeGreaterThan(10);
        assertThat(metrics.own())
                .allSatisfy(name -> assertThat(metrics.help().get(name)).matches("(?:[A-Z]|1 if ).{15,}\\."));
    }

    @Test
    void everyName_endsWithTotalWhereItCountsAndNowhereElse() {
        metrics.types()
                .forEach((name, type) -> assertThat(name.endsWith("_total"))
                        .as("%s is a %s", name, type)
                        .isEqualTo(type.equals("counter")));
    }

    @Test
    void everyName_isSnakeCaseOfAKnownKindInBaseUnits() {
        assertThat(metrics.types().keySet())
                .allSatisfy(name -> assertThat(name)
                        .matches("(token_service|jvm|process)(_[a-z0-9]+)+")
                        .doesNotMatch(WRONG_UNIT));
        assertThat(metrics.own())
                .allSatisfy(name -> UNITS.forEach((word, suffix) -> {
                    if (name.contains("_" + word + "_")) {
                        assertThat(name).endsWith(suffix);
                    }
                }));
    }

    @Test
    void everyLabel_hasFewValuesAndTellsOfNoClient() {
        for (String name : metrics.own()) {
            assertThat(LABELS).containsAll(metrics.labels(name, ""));
        }
        assertThat(metrics.samples().stream().map(Sample::labels).map(Map::toString))
                .noneMatch(labels -> labels.contains("spiffe:") || labels.contains("/nothing/here"));
        assertThat(metrics.values("token_service_http_request_duration_seconds_count", "endpoint"))
                .contains("/token", "/.well-known/jwks.json", "other");
    }

    @Test
    void histogram_bucketsAreAscendingAndEndWithTheCount() {
        for (Sample count : metrics.samples()) {
            if (!count.name().startsWith("token_service_") || !count.name().endsWith("_count")) {
                continue;
            }
            double last = -1;
            for (Sample bucket : metrics.samples()) {
                if (metrics.metric(bucket.name()).equals(metrics.metric(count.name()))
                        && bucket.name().endsWith("_bucket")
                        && bucket.labels().entrySet().containsAll(count.labels().entrySet())) {
                    assertThat(bucket.value()).isGreaterThanOrEqualTo(last);
                    last = bucket.value();
                }
            }
            assertThat(last).as(count.toString()).isEqualTo(count.value());
        }
    }

    @Test
    void expiry_ofEveryKindOfFile_isAUnixTime() {
        double now = Instant.now().getEpochSecond();

        assertThat(metrics.values("token_service_expiry_timestamp_seconds", "kind"))
                .containsExactly("intermediate", "revocation_list", "server_certificate", "trust_anchor");
        assertThat(metrics.value("token_service_expiry_timestamp_seconds", Map.of("kind", "revocation_list")))
                .isCloseTo(now + TestMonitored.REVOCATION_LIST_LASTS.toSeconds(), within(300.0));
        assertThat(metrics.value("token_service_signing_key_created_timestamp_seconds", Map.of("algorithm", "RS256")))
                .isEqualTo((double) TestMonitored.KEY_CREATED.getEpochSecond());
    }

    @Test
    void health_ofEveryCheck_isWhatTheAdminPortSays() {
        JsonNode checks = service.sendToAdmin(Request.get("/healthcheck")).json();

        assertThat(metrics.values("token_service_health_check", "check"))
                .containsExactlyInAnyOrderElementsOf(
                        checks.properties().stream().map(Map.Entry::getKey).toList())
                .contains("signing-key", "watched-files");
        checks.properties()
                .forEach(check -> assertThat(
                                metrics.value("token_service_health_check", Map.of("check", check.getKey())))
                        .isEqualTo(check.getValue().path("healthy").booleanValue() ? 1 : 0));
        assertThat(metrics.value("token_service_ready", Map.of())).isOne();
    }

    @Test
    void counts_nothingHappenedYet_areThereAndZero() {
        assertThat(metrics.value(
                        "token_service_tokens_issued_total",
                        Map.of("flow", "mtls-client-credentials", "kind", "service_account")))
                .isZero();
        assertThat(metrics.value(
                        "token_service_tokens_refused_total",
                        Map.of("error", "server_error", "reason_code", "operator")))
                .isZero();
        assertThat(metrics.value(
                        "token_service_google_requests_total", Map.of("call", "sts", "outcome", "rate_limited")))
                .isZero();
    }
}
