package dev.tokenservice.policy;

import java.util.Locale;

/** Patterns of e-mail addresses and service accounts. {@code *} matches any text without {@code @} and dot. */
final class Wildcard {

    private Wildcard() {}

    /** Returns whether an address matches a pattern. Ignores the case of the domain. */
    static boolean matches(String pattern, String address) {
        return glob(folded(pattern), folded(address));
    }

    private static String folded(String address) {
        int at = address.lastIndexOf('@') + 1;
        return address.substring(0, at) + address.substring(at).toLowerCase(Locale.ROOT);
    }

    /** Returns only to the last star, so that the product of both lengths limits the time. */
    private static boolean glob(String pattern, String text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int resume = 0;
        while (t < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                resume = t;
            } else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
                p++;
                t++;
            } else if (star >= 0 && text.charAt(resume) != '@' && text.charAt(resume) != '.') {
                p = star + 1;
                t = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
