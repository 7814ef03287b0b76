package dev.tokenservice.oauth;

/**
 * Input that is safe to repeat in a message: cut, and everything but printable ASCII replaced, so that neither a terminal
 * nor a log line can be forged with it; RFC 6749 section 5.2 excludes quotes and backslashes.
 */
public final class Quoted {

    private static final int LIMIT = 100;

    private Quoted() {}

    /** Quotes input, cut at 100 characters. */
    public static String of(String input) {
        return of(input, LIMIT);
    }

    /** Quotes a text, cut at another number of characters: for the log, and for what no client has written. */
    public static String of(String text, int limit) {
        return "'" + bare(text, limit) + "'";
    }

    /** The same without the quotes, for a text that reads as part of the message. */
    public static String bare(String text, int limit) {
        StringBuilder harmless = new StringBuilder();
        text.chars().limit(limit).forEach(c -> harmless.append(isHarmless(c) ? (char) c : '?'));
        return harmless.append(text.length() > limit ? "..." : "").toString();
    }

    private static boolean isHarmless(int c) {
        return c >= ' ' && c <= '~' && c != '"' && c != '\'' && c != '\\';
    }
}
