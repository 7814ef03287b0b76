package dev.tokenservice.telemetry;

/** How a call to a Google API ended. */
public enum GoogleOutcome {
    OK("ok"),
    REFUSED("refused"),
    RATE_LIMITED("rate_limited"),
    UNAVAILABLE("unavailable"),
    /** It was not made, as too many were waiting. */
    BUSY("busy");

    private final String label;

    GoogleOutcome(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }
}
