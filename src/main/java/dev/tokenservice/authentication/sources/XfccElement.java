package dev.tokenservice.authentication.sources;

import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.identity.MalformedCertificateException;
import dev.tokenservice.identity.SpiffeId;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The only element of {@code x-forwarded-client-cert}:
 *
 * <pre>
 * element = pair *( ";" pair )
 * pair    = key "=" ( value / DQUOTE quoted DQUOTE ), quoted with \" for a double quote
 * key     = "By" / "Hash" / "Cert" / "Chain" / "Subject" / "Issuer" / "URI" / "DNS", in any case; By, URI and DNS may be
 *           repeated
 * value   = neither "," nor ";" nor DQUOTE
 * </pre>
 *
 * Subject and Issuer are names as the proxy prints them: nothing is taken from them.
 *
 * The meaning of a backslash before \" is not specified, so it is refused.
 *
 * A comma outside quotes starts another element: a proxy further out, or the client, has written one, and the service
 * cannot know which of them to believe.
 *
 * @param pairs the pairs in their order, keys in lower case
 */
record XfccElement(List<Pair> pairs) {

    private static final int MAX_LENGTH = 64 * 1024;
    private static final int MAX_PAIRS = 200;
    private static final Set<String> KEYS = Set.of("by", "hash", "cert", "chain", "subject", "issuer", "uri", "dns");
    private static final Set<String> REPEATABLE = Set.of("by", "uri", "dns");
    private static final Pattern HASH = Pattern.compile("[0-9A-Fa-f]{64}");

    /** A key with its value, quotes taken off. */
    record Pair(String key, String value, boolean quoted) {}

    /**
     * Reads the header's value.
     *
     * @throws MalformedCertificateException when it is anything but one element
     */
    static XfccElement parse(String text) {
        check(text.length() <= MAX_LENGTH, "it is longer than " + MAX_LENGTH + " characters");
        check(!text.startsWith("{") && !text.startsWith("["), "it is in the JSON form: have Envoy write the text form");
        List<Pair> pairs = new ArrayList<>();
        int position = 0;
        while (position <= text.length()) {
            int equals = text.indexOf('=', position);
            check(equals >= 0, "a pair has no value");
            String key = text.substring(position, equals).toLowerCase(Locale.ROOT);
            check(KEYS.contains(key), "a key is unknown, or a value holds an unquoted separator");
            check(
                    REPEATABLE.contains(key)
                            || pairs.stream().noneMatch(pair -> pair.key().equals(key)),
                    "a key is repeated");
            StringBuilder value = new StringBuilder();
            int end = value(text, equals + 1, value);
            check(!key.equals("hash") || HASH.matcher(value).matches(), "the Hash is malformed");
            pairs.add(new Pair(key, value.toString(), text.startsWith("\"", equals + 1)));
            check(pairs.size() <= MAX_PAIRS, "there are too many pairs");
            check(end == text.length() || text.charAt(end) == ';', "there is more than one element");
            position = end + 1;
        }
        return new XfccElement(List.copyOf(pairs));
    }

    /** Appends a value, and tells where it ends. */
    private static int value(String text, int start, StringBuilder value) {
        if (start < text.length() && text.charAt(start) == '"') {
            return quoted(text, start + 1, value);
        }
        int end = start;
        while (end < text.length() && text.charAt(end) != ';' && text.charAt(end) != ',') {
            check(text.charAt(end) != '"', "a double quote stands within a value");
            value.append(text.charAt(end));
            end++;
        }
        return end;
    }

    private static int quoted(String text, int start, StringBuilder value) {
        int end = start;
        while (end < text.length() && text.charAt(end) != '"') {
            check(!text.startsWith("\\\\\"", end), "a backslash stands before a quote that is escaped or not");
            end += text.startsWith("\\\"", end) ? 1 : 0;
            value.append(text.charAt(end));
            end++;
        }
        check(end < text.length(), "a quoted value has no closing quote");
        return end + 1;
    }

    Optional<String> one(String key) {
        return all(key).stream().findFirst().filter(value -> !value.isEmpty());
    }

    List<String> all(String key) {
        return pairs.stream()
                .filter(pair -> pair.key().equals(key))
                .map(Pair::value)
                .toList();
    }

    /** Returns the fingerprint as unpadded base64. */
    Optional<String> sha256() {
        return one("hash").map(hash -> {
            byte[] digest = HexFormat.of().parseHex(hash.toLowerCase(Locale.ROOT));
            return Base64.getEncoder().withoutPadding().encodeToString(digest);
        });
    }

    /**
     * Returns whether there is one URI at most, nothing comes after it, and no DNS name anywhere. Envoy puts no quotes around a
     * URI, so that those which are there may be the certificate's own.
     */
    boolean endsWithUri() {
        Pair last = pairs.get(pairs.size() - 1);
        int uris = all("uri").size();
        return all("dns").isEmpty() && (uris == 0 || (uris == 1 && last.key().equals("uri") && !last.quoted()));
    }

    /** Returns whether nothing in it contradicts a certificate. */
    boolean agreesWith(ClientCertificate certificate) {
        List<String> uris = new ArrayList<>(certificate.uriSans());
        certificate.spiffeId().map(SpiffeId::uri).ifPresent(uris::add);
        return sha256().equals(certificate.sha256())
                && all("uri").stream().allMatch(uri -> uri.isEmpty() || uris.contains(uri))
                && all("dns").stream()
                        .allMatch(dns -> dns.isEmpty() || certificate.dnsSans().contains(dns));
    }

    private static void check(boolean sound, String problem) {
        if (!sound) {
            throw new MalformedCertificateException(problem);
        }
    }
}
