package dev.tokenservice.telemetry;

import com.codahale.metrics.MetricRegistry;
import dev.tokenservice.oauth.OAuthError;

/** Counts decisions: {@code tokens.issued.<flow>.<kind>} and {@code tokens.refused.<error>}. Never by client. */
public final class TokenMetrics {

    /** Prefix of the counters of issued tokens; the flow and the kind follow. */
    public static final String ISSUED = "tokens.issued";

    /** Prefix of the counters of refusals; the error code follows. */
    public static final String REFUSED = "tokens.refused";

    private final MetricRegistry metrics;

    public TokenMetrics(MetricRegistry metrics) {
        this.metrics = metrics;
    }

    /** Counts an issued answer, by the kind of the token in it. */
    public void issued(String flow, String kind) {
        metrics.counter(MetricRegistry.name(ISSUED, flow, kind)).inc();
    }

    /** Counts a refusal. */
    public void refused(OAuthError error) {
        metrics.counter(MetricRegistry.name(REFUSED, error.code())).inc();
    }
}
