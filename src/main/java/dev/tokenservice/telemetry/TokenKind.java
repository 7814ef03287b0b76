package dev.tokenservice.telemetry;

import java.util.Locale;

/** What a granted token request is answered with, as it is counted. */
public enum TokenKind {
    ID_TOKEN,
    /** An access token of the client's workload identity beside it. */
    ACCESS_TOKEN,
    /** An access token of an impersonated service account beside it. */
    SERVICE_ACCOUNT,
    /** An ID token, in the format of executable credentials. */
    EXTERNAL_CREDENTIAL;

    private final String label = name().toLowerCase(Locale.ROOT);

    String label() {
        return label;
    }
}
