package dev.tokenservice.x509;

import java.util.Locale;

/** Whether the revocation list of one URL counts by its age. */
public enum SourceState {
    CURRENT,
    /** It was not confirmed for too long, or its next update is due. */
    STALE,
    /** None was fetched. */
    MISSING;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
