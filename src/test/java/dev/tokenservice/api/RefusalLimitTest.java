package dev.tokenservice.api;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.telemetry.AuditLog;
import dev.tokenservice.telemetry.AuditTrail;
import dev.tokenservice.telemetry.ServiceMetrics;
import dev.tokenservice.testing.TestLog;
import dev.tokenservice.testing.TestTicker;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** How many refusals a certificate may have, and which lines the others leave. */
class RefusalLimitTest {

    private static final Refusal REFUSAL = Refusal.because(ReasonCode.UNKNOWN_TARGET, "the audience is unknown")
            .build();
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final TestTicker ticker = new TestTicker();
    private final ServiceMetrics metrics = new ServiceMetrics();
    private final RefusalLimit limit = new RefusalLimit(3, ticker, new AuditLog(), metrics);
    private final TestLog log = new TestLog();
    private int requests;

    /** In a service no setting can silence it. */
    @BeforeEach
    void openLog() {
        audit().setLevel(Level.INFO);
    }

    @AfterEach
    void closeLog() {
        log.close();
        audit().setLevel(null);
    }

    private static Logger audit() {
        return (Logger) LoggerFactory.getLogger(AuditLog.LOGGER);
    }

    private static String fingerprint(int number) {
        return String.format("%042dA", number);
    }

    private Optional<Refusal> refuse(int client) {
        AuditTrail trail = new AuditTrail("r-" + ++requests, InetAddress.getLoopbackAddress());
        trail.flow("a-flow");
        trail.seen(ClientCertificate.ofUris(
                List.of("spiffe://example.org/robot"),
                List.of(),
                Optional.of(fingerprint(client)),
                Optional.of("01:02"),
                Optional.empty(),
                Optional.empty()));
        trail.verified();
        trail.clientId("spiffe://example.org/robot");
        return limit.exceeded(REFUSAL, trail);
    }

    private void refuse(int client, int times) {
        Stream.generate(() -> refuse(client)).limit(times).forEach(answer -> {});
    }

    private List<Map<String, String>> lines() {
        return log.audit().stream().map(TestLog::fields).toList();
    }

    private double count(String metric) {
        return Objects.requireNonNull(metrics.counts().get(metric));
    }

    @Test
    void refusals_withinTheLimit_areLeftAlone() {
        for (int i = 0; i < 3; i++) {
            assertThat(refuse(1)).isEmpty();
        }
        ticker.advance(MINUTE);
        limit.writeLines();

        assertThat(lines()).isEmpty();
    }

    @Test
    void refusal_beyondTheLimit_isATooManyForTheRestOfTheMinute() {
        refuse(1, 3);
        ticker.advance(Duration.ofMillis(10_500));

        Refusal instead = refuse(1).orElseThrow();

        assertThat(instead.status()).isEqualTo(429);
        assertThat(instead.error().code()).isEqualTo("temporarily_unavailable");
        assertThat(instead.reason()).isEqualTo(ReasonCode.RATE);
        assertThat(instead.retryAfter()).contains(Duration.ofSeconds(50));
        assertThat(instead.description()).contains("more than 3 times within a minute");
        assertThat(instead.detail())
                .hasValueSatisfying(detail -> assertThat(detail).contains("unknown_target", "the audience is unknown"));
        assertThat(count("token_service_limit_hits_total{limit=refusals}")).isOne();
    }

    @Test
    void refusals_afterTheMinute_areCountedAnew() {
        refuse(1, 10);
        ticker.advance(MINUTE.minusNanos(1));
        assertThat(refuse(1)).isPresent();
        ticker.advance(Duration.ofNanos(1));

        assertThat(refuse(1)).isEmpty();
    }

    @Test
    void refusals_ofAnotherCertificate_areNotTouched() {
        refuse(1, 10);

        assertThat(refuse(2)).isEmpty();
    }

    @Test
    void lines_oneAtOnceAndOneAMinute_saysHowManyItStandsFor() {
        refuse(1, 3);
        refuse(1, 8);
        assertThat(lines())
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .containsEntry("request_id", "r-4")
                        .containsEntry("client_id", "spiffe://example.org/robot")
                        .containsEntry("serial", "01:02")
                        .containsEntry("status", "429")
                        .containsEntry("reason_code", "rate")
                        .containsEntry("count", "1"));

        for (int minute = 1; minute <= 3; minute++) {
            ticker.advance(MINUTE);
            limit.writeLines();
            refuse(1, 3 + minute);
        }
        ticker.advance(MINUTE);
        limit.writeLines();

        assertThat(lines()).extracting(line -> line.get("count")).containsExactly("1", "7", "1", "2", "3");
        assertThat(lines().get(1))
                .containsOnly(
                        Map.entry("decision", "refused"),
                        Map.entry("request_id", "r-5"),
                        Map.entry("peer", InetAddress.getLoopbackAddress().getHostAddress()),
                        Map.entry("flow", "a-flow"),
                        Map.entry("fingerprint", fingerprint(1)),
                        Map.entry("verified", "true"),
                        Map.entry("status", "429"),
                        Map.entry("error", "temporarily_unavailable"),
                        Map.entry("reason_code", "rate"),
                        Map.entry("reason", lines().get(0).get("reason")),
                        Map.entry("count", "7"));
    }

    @Test
    void lines_ofAClientThatHasStopped_endWithItsLastMinute() {
        refuse(1, 10);
        for (int minute = 0; minute < 5; minute++) {
            ticker.advance(MINUTE);
            limit.writeLines();
        }
        assertThat(lines()).extracting(line -> line.get("count")).containsExactly("1", "6");

        refuse(1, 4);
        assertThat(lines()).hasSize(3);
    }

    @Test
    void lines_withoutATick_areWrittenByTheNextOne() {
        refuse(1, 10);
        ticker.advance(MINUTE);
        refuse(1, 10);
        assertThat(lines()).hasSize(1);

        limit.writeLines();

        assertThat(lines()).extracting(line -> line.get("count")).containsExactly("1", "6");
    }

    @Test
    void close_withinTheMinute_losesNoCount() {
        refuse(1, 10);
        limit.close();

        assertThat(lines()).extracting(line -> line.get("count")).containsExactly("1", "6");
    }

    @Test
    void certificates_moreThanCanBeCounted_areNotLimitedAndTouchNobodyElse() {
        refuse(0, 3);
        for (int client = 1; client < RefusalCounts.MAX_CLIENTS; client++) {
            refuse(client);
        }
        refuse(RefusalCounts.MAX_CLIENTS, 10);

        assertThat(lines()).isEmpty();
        assertThat(count("token_service_refusals_not_counted_total")).isEqualTo(10);
        assertThat(refuse(0)).isPresent();

        ticker.advance(MINUTE);
        refuse(RefusalCounts.MAX_CLIENTS, 3);
        assertThat(refuse(RefusalCounts.MAX_CLIENTS)).isPresent();
    }

    @Test
    void certificate_withoutFingerprint_isNotLimited() {
        AuditTrail trail = new AuditTrail("r", InetAddress.getLoopbackAddress());
        trail.seen(ClientCertificate.ofUris(
                List.of(), List.of(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));
        for (int i = 0; i < 10; i++) {
            assertThat(limit.exceeded(REFUSAL, trail)).isEmpty();
        }
    }

    @Test
    void zero_isNoLimit() {
        RefusalLimit none = new RefusalLimit(0, ticker, new AuditLog(), metrics);
        AuditTrail trail = new AuditTrail("r", InetAddress.getLoopbackAddress());
        trail.seen(ClientCertificate.ofFingerprint(fingerprint(1)));

        for (int i = 0; i < 1000; i++) {
            assertThat(none.exceeded(REFUSAL, trail)).isEmpty();
        }
    }
}
