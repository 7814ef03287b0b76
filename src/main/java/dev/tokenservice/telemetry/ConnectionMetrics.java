package dev.tokenservice.telemetry;

import io.prometheus.metrics.core.metrics.Counter;

/** Counts the connections of one port that the service closed, by reason. */
public final class ConnectionMetrics {

    private final Counter closed;
    private final String port;

    ConnectionMetrics(Counter closed, String port) {
        this.closed = closed;
        this.port = port;
    }

    /**
     * Counts a connection that was closed before its client was done.
     *
     * @param reason one of a few words
     */
    public void closed(String reason) {
        closed.labelValues(port, reason).inc();
    }

    /** Exposes a reason with the count 0 before the first event. */
    public void expect(String reason) {
        closed.initLabelValues(port, reason);
    }
}
