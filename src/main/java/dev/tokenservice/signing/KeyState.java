package dev.tokenservice.signing;

import java.util.Locale;

/**
 * The state of a signing key. Only {@link #ACTIVE} keys sign. {@link #PUBLISHED}, {@link #ACTIVE} and {@link #RETIRING} keys
 * are published.
 */
public enum KeyState {
    /** The key is published, and does not sign yet. */
    PUBLISHED,
    /** The key signs. */
    ACTIVE,
    /** The key no longer signs. It stays published until its last token has expired, and for {@code KEY_CACHE_TIME}. */
    RETIRING,
    /** The key is no longer published. */
    RETIRED,
    /** The key is revoked. It neither signs nor is published, whatever its times are. */
    REVOKED;

    /** Returns the name of the state in metrics and lists. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean isPublished() {
        return this == PUBLISHED || this == ACTIVE || this == RETIRING;
    }
}
