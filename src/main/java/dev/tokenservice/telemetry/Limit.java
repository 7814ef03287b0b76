package dev.tokenservice.telemetry;

import java.util.Locale;

/** What a request can have too much of; the values of a metric's label. */
public enum Limit {
    /** Bytes, or number, of the header fields. */
    HEADERS,
    URI,
    QUERY_PARAMETERS,
    /** Parameters in a token request's body. */
    FORM_PARAMETERS,
    /** Refusals of one client certificate within a minute. */
    REFUSALS,
    /** Tokens of one client by one rule of the policy. */
    RATE,
    /** Clients whose rates are counted. */
    RATE_BUCKETS;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
