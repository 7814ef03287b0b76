package dev.tokenservice.signing;

import java.util.Locale;

/** Where a key is in its life. */
public enum KeyState {
    /** Relying parties know it; it does not sign yet. */
    PUBLISHED,
    /** It signs. */
    ACTIVE,
    /** It signs no more, and is published until its last token has expired and caches of the keys had time. */
    RETIRING,
    /** It is not published any more. */
    RETIRED,
    /** Whatever its times are: it neither signs nor is published. */
    REVOKED;

    /** The state as it stands in metrics and lists. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean isPublished() {
        return this == PUBLISHED || this == ACTIVE || this == RETIRING;
    }
}
