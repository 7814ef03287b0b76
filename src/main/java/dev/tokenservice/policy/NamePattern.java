package dev.tokenservice.policy;

import dev.tokenservice.identity.SpiffeId;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A value of a match term: one name, or a pattern of names.
 *
 * @param text the pattern as it is written
 */
record NamePattern(Kind kind, String text) {

    private static final String SEGMENTS = "/*";
    private static final String LABEL = "*.";
    private static final Pattern URI = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:[!-~]*");
    private static final Pattern SHA256 = Pattern.compile("[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]");
    private static final Pattern SERIAL = Pattern.compile("[0-9a-f]{2}(?::[0-9a-f]{2}){0,49}");
    private static final Pattern WHOLE_SEGMENTS = Pattern.compile("[^/?#]++(?:/[^/?#]++)*+(?:[?#].*)?");
    private static final Pattern EMAIL = Pattern.compile("[!-~&&[^@]]+@[A-Za-z0-9_*-]+(?:\\.[A-Za-z0-9_*-]+)*");

    /** The kind of a name, which decides how it is compared. */
    enum Kind {
        EXACT("a text"),
        SPIFFE("a SPIFFE ID, or one that ends in /* for one or more segments"),
        URI("a URI without % and dot segments, or one that ends in /* for one or more segments"),
        DNS("a DNS name, or one that begins with *. for one label"),
        EMAIL("an e-mail address, in which * stands for a text without @ and dot"),
        SHA256("the SHA-256 of a certificate as in the claim x5_sha256: base64 of 43 characters"),
        SERIAL("a serial number as in the claim x5_serial: lower-case hex with colons");

        private final String allowed;

        Kind(String allowed) {
            this.allowed = allowed;
        }
    }

    /** Returns what is wrong with it; empty if it is valid. */
    Optional<String> problem() {
        boolean usable = switch (kind) {
            case EXACT -> true;
            case SPIFFE -> isSpiffe();
            case URI ->
                URI.matcher(text).matches()
                        && base().indexOf('*') < 0
                        && !SpiffeId.isClaimedBy(text)
                        && NameRestrictions.isPlainUri(text);
            case DNS -> NameRestrictions.isHost(base().toLowerCase(Locale.ROOT));
            case EMAIL -> EMAIL.matcher(text).matches();
            case SHA256 -> SHA256.matcher(text).matches();
            case SERIAL -> SERIAL.matcher(text).matches();
        };
        return usable
                ? Optional.empty()
                : Optional.of("must be " + kind.allowed + ", found " + PolicyProblems.quoted(text)
                        + ClaimForm.of(kind, text)
                                .map(form -> ": write " + PolicyProblems.quoted(form))
                                .orElse(""));
    }

    /** Returns a probable mistake; empty if there is none. */
    Optional<String> doubt() {
        return kind == Kind.SERIAL && SERIAL.matcher(text).matches() && text.charAt(0) >= '8'
                ? Optional.of("the serial number " + PolicyProblems.quoted(text)
                        + " is negative, which few certificates have: write "
                        + PolicyProblems.quoted("00:" + text) + " for a positive one, as in the claim x5_serial")
                : Optional.empty();
    }

    private boolean isSpiffe() {
        return SpiffeId.parse(base())
                .filter(id -> isOpen() || !id.path().isEmpty())
                .isPresent();
    }

    private boolean isOpen() {
        return switch (kind) {
            case SPIFFE, URI -> text.endsWith(SEGMENTS);
            case DNS -> text.startsWith(LABEL);
            default -> false;
        };
    }

    /** Returns the text without its wildcard. */
    private String base() {
        return !isOpen()
                ? text
                : kind == Kind.DNS ? text.substring(LABEL.length()) : text.substring(0, text.length() - 2);
    }

    /** Returns whether it matches a name; unknown if programs could read the name differently. */
    Truth matches(String name) {
        return switch (kind) {
            case EXACT, SHA256, SERIAL -> Truth.of(text.equals(name));
            case SPIFFE -> Truth.of(isOpen() ? isBelow(name) : text.equals(name));
            case URI -> uri(name);
            case DNS -> dns(name.toLowerCase(Locale.ROOT));
            case EMAIL -> Truth.of(Wildcard.matches(text, name));
        };
    }

    private Truth uri(String name) {
        if (!isOpen()) {
            return Truth.of(text.equals(name));
        }
        if (!isBelow(name)) {
            return Truth.FALSE;
        }
        return NameRestrictions.isPlainUri(name)
                        && WHOLE_SEGMENTS
                                .matcher(name.substring(base().length() + 1))
                                .matches()
                ? Truth.TRUE
                : Truth.UNKNOWN;
    }

    private boolean isBelow(String name) {
        String start = base() + "/";
        return name.startsWith(start) && name.length() > start.length();
    }

    private Truth dns(String name) {
        String wanted = base().toLowerCase(Locale.ROOT);
        if (!NameRestrictions.isHost(name)) {
            return name.contains(wanted) || standsFor(name, wanted) ? Truth.UNKNOWN : Truth.FALSE;
        }
        if (!isOpen()) {
            return Truth.of(name.equals(wanted));
        }
        return Truth.of(
                name.indexOf('.') > 0 && name.substring(name.indexOf('.') + 1).equals(wanted));
    }

    /** Returns whether a program could accept a wildcard name for another name. */
    private static boolean standsFor(String wildcard, String name) {
        return wildcard.indexOf('*') >= 0 && name.endsWith(wildcard.substring(wildcard.lastIndexOf('*') + 1));
    }

    /** Returns whether it matches every name that another pattern matches. */
    boolean covers(NamePattern other) {
        return text.equals(other.text)
                || (!other.isOpen() && matches(other.text) == Truth.TRUE)
                || (kind != Kind.DNS && isOpen() && other.isOpen() && isBelow(other.base()));
    }
}
