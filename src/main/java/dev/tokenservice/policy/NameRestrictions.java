package dev.tokenservice.policy;

import dev.tokenservice.identity.IpNetwork;
import dev.tokenservice.identity.SpiffeId;
import dev.tokenservice.x509.DistinguishedName;
import dev.tokenservice.x509.SubjectAlternativeName;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;

/**
 * The names that an authority may give. A kind of name without a restriction is not allowed. With no restrictions at all,
 * every name is allowed.
 *
 * @param dnsSuffixes {@code .a.example} for all names below it, {@code a.example} for this name; in lower case
 * @param uriPrefixes prefixes that end in a slash or a colon, so that none matches part of a path segment
 * @param subjects relative distinguished names; a subject must contain all of one entry
 */
record NameRestrictions(
        List<String> trustDomains,
        List<String> dnsSuffixes,
        List<String> uriPrefixes,
        List<String> emailDomains,
        List<IpNetwork> ipNetworks,
        List<DistinguishedName> subjects) {

    private static final Pattern HOST = Pattern.compile("(?=.{1,253}$)[a-z0-9_-]{1,63}(?:\\.[a-z0-9_-]{1,63})*+");
    private static final Pattern LOCAL_PART = Pattern.compile("[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}");
    private static final Pattern DOT_SEGMENT = Pattern.compile("(?:^|[/:])\\.{1,2}(?:[/:?#]|$)");

    boolean isUnrestricted() {
        return trustDomains.isEmpty()
                && dnsSuffixes.isEmpty()
                && uriPrefixes.isEmpty()
                && emailDomains.isEmpty()
                && ipNetworks.isEmpty()
                && subjects.isEmpty();
    }

    /** Returns whether the authority vouches for the subject of its clients. */
    boolean givesSubjects() {
        return isUnrestricted() || !subjects.isEmpty();
    }

    /** Returns the kind and value of the first name that is not allowed; empty if all are allowed. */
    Optional<String> refused(List<SubjectAlternativeName> names, DistinguishedName subject) {
        if (isUnrestricted()) {
            return Optional.empty();
        }
        for (SubjectAlternativeName name : names) {
            if (!allows(name)) {
                return Optional.of(name.toString());
            }
        }
        return subjects.isEmpty() || subjects.stream().anyMatch(wanted -> holds(subject, wanted))
                ? Optional.empty()
                : Optional.of("subject");
    }

    /** Returns whether a subject alternative name is allowed. */
    boolean gives(SubjectAlternativeName name) {
        return isUnrestricted() || allows(name);
    }

    private boolean allows(SubjectAlternativeName name) {
        return switch (name.kind()) {
            case URI -> SpiffeId.isClaimedBy(name.text()) ? allowsSpiffe(name.text()) : allowsUri(name.text());
            case DNS -> allowsDns(name.text());
            case EMAIL -> allowsEmail(name.text());
            case IP -> ipNetworks.stream().anyMatch(network -> network.contains(name.bytes()));
            case OTHER -> false;
        };
    }

    private boolean allowsSpiffe(String uri) {
        return SpiffeId.parse(uri)
                .filter(id -> trustDomains.contains(id.trustDomain()))
                .isPresent();
    }

    private boolean allowsUri(String uri) {
        return isPlainUri(uri) && uriPrefixes.stream().anyMatch(uri::startsWith);
    }

    /** Returns whether all programs read a URI the same way. */
    static boolean isPlainUri(String uri) {
        return uri.indexOf('%') < 0
                && uri.indexOf('\\') < 0
                && !DOT_SEGMENT.matcher(uri).find();
    }

    private boolean allowsDns(String name) {
        String host = name.toLowerCase(Locale.ROOT);
        return isHost(host) && dnsSuffixes.stream().anyMatch(suffix -> isWithin(host, suffix));
    }

    static boolean isHost(String name) {
        return HOST.matcher(name).matches();
    }

    private static boolean isWithin(String host, String suffix) {
        return suffix.startsWith(".") ? host.endsWith(suffix) && host.length() > suffix.length() : host.equals(suffix);
    }

    private boolean allowsEmail(String address) {
        int at = address.lastIndexOf('@');
        return at > 0
                && LOCAL_PART.matcher(address.substring(0, at)).matches()
                && emailDomains.contains(address.substring(at + 1).toLowerCase(Locale.ROOT));
    }

    /**
     * Returns whether a subject has all wanted parts, and no other part of the same types. So two restrictions can exclude
     * each other.
     */
    private static boolean holds(DistinguishedName subject, DistinguishedName wanted) {
        return subject.parts().containsAll(wanted.parts())
                && subject.parts().stream()
                        .filter(part -> wanted.parts().stream().anyMatch(other -> shareType(part, other)))
                        .allMatch(wanted.parts()::contains);
    }

    private static boolean shareType(String one, String other) {
        return types(one).stream().anyMatch(types(other)::contains);
    }

    private static List<String> types(String part) {
        return part.lines()
                .filter(line -> line.indexOf('=') > 0)
                .map(line -> line.substring(0, line.indexOf('=')))
                .toList();
    }

    /**
     * Returns the kinds of names that both authorities may give, with the first shared value, by the key of the policy file.
     * The value is empty for networks and subjects.
     */
    Map<String, String> overlaps(NameRestrictions other) {
        Map<String, String> overlaps = new TreeMap<>();
        common(trustDomains, other.trustDomains, String::equals)
                .ifPresent(found -> overlaps.put("trustDomains", found));
        common(dnsSuffixes, other.dnsSuffixes, NameRestrictions::overlap)
                .ifPresent(found -> overlaps.put("dnsSuffixes", found));
        common(uriPrefixes, other.uriPrefixes, (one, two) -> one.startsWith(two) || two.startsWith(one))
                .ifPresent(found -> overlaps.put("uriPrefixes", found));
        common(emailDomains, other.emailDomains, String::equals)
                .ifPresent(found -> overlaps.put("emailDomains", found));
        common(ipNetworks, other.ipNetworks, IpNetwork::overlaps).ifPresent(found -> overlaps.put("ipNetworks", ""));
        common(subjects, other.subjects, NameRestrictions::mayBoth).ifPresent(found -> overlaps.put("subjects", ""));
        return overlaps;
    }

    private static boolean overlap(String one, String other) {
        return one.equals(other)
                || (one.startsWith(".") && other.endsWith(one))
                || (other.startsWith(".") && one.endsWith(other));
    }

    /** Returns whether one subject can satisfy both. It cannot if they want different values of one type. */
    private static boolean mayBoth(DistinguishedName one, DistinguishedName other) {
        return one.parts().stream()
                .allMatch(part ->
                        other.parts().stream().allMatch(wanted -> part.equals(wanted) || !shareType(part, wanted)));
    }

    private static <T> Optional<T> common(List<T> ones, List<T> others, BiPredicate<T, T> overlap) {
        return ones.stream()
                .filter(one -> others.stream().anyMatch(other -> overlap.test(one, other)))
                .findFirst();
    }
}
