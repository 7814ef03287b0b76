package dev.tokenservice.telemetry;

import java.util.Locale;

/** What a rule of the policy decided; the values of a metric's label. */
public enum RuleOutcome {
    ALLOWED,
    DENIED,
    /** It could not be judged, and the request was denied. */
    FAILED,
    /** The client has got too many tokens. */
    LIMITED;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
