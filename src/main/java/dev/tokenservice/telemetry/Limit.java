package dev.tokenservice.telemetry;

import java.util.Locale;

/** What a request can have too much of; the values of a metric's label. */
public enum Limit {
    /** Bytes, or number, of the header fields. */
    HEADERS,
    /** Length of the request target. */
    URI,
    /** Parameters in the query. */
    QUERY_PARAMETERS,
    /** Parameters in a token request's body. */
    FORM_PARAMETERS;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
