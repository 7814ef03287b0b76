package dev.tokenservice.x509;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x509.GeneralName;

/** Where a name is among the subtrees of names of its kind, RFC 5280 section 4.2.1.10. */
interface Subtrees {

    /** How much of what a name stands for is within a subtree. */
    enum Overlap {
        NONE,
        /** Some of it, or it cannot be told: excluded by an exclusion, and not permitted by a permission. */
        PART,
        WHOLE
    }

    /** Labels of letters, digits, dashes and underscores; SPIFFE has the latter in trust domains. No dot at the end. */
    Pattern HOST = Pattern.compile("(?=.{1,255}$)[A-Za-z0-9_-]{1,63}(?:\\.[A-Za-z0-9_-]{1,63})*+");

    Pattern DNS = Pattern.compile("(?:\\*\\.)?" + HOST);

    /** RFC 5321 section 4.1.2, without quotes: a quoted local part is another way to write the same mailbox. */
    Pattern EMAIL = Pattern.compile("([A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64})@(" + HOST + ")");

    /** RFC 3986 section 3: with an authority. */
    Pattern URI =
            Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*+://(?:[A-Za-z0-9._~!$&'()*+,;=:%-]*+@)?([A-Za-z0-9._-]{1,255}+)"
                    + "(?::[0-9]*+)?(?:[/?#].*+)?");

    /** As URI parsers of browsers read one: a last label that is a number. */
    Pattern IPV4 = Pattern.compile("(?:.*\\.)?(?:[0-9]+|0[xX][0-9A-Fa-f]*)");

    Pattern DOMAIN = Pattern.compile("\\.?" + HOST + "|");

    /** Returns how much of the name is within the subtree of a constraint of its kind that is well-formed. */
    Overlap within(GeneralName base);

    /** Those of a name; empty if its kind is not supported, or it cannot be told what it is in. */
    static Optional<Subtrees> of(GeneralName name) {
        return switch (name.getTagNo()) {
            case GeneralName.dNSName -> domain(NameConstraints.text(name));
            case GeneralName.uniformResourceIdentifier ->
                uriHost(NameConstraints.text(name)).map(host -> base -> host(host, NameConstraints.text(base)));
            case GeneralName.rfc822Name -> mailbox(NameConstraints.text(name));
            case GeneralName.directoryName -> DirectorySubtrees.of(name).map(directory -> directory);
            case GeneralName.iPAddress -> NetworkSubtrees.of(name);
            default -> Optional.empty();
        };
    }

    /** Returns whether a constraint can be told what is in it; one of a kind that is not supported is not looked at. */
    static boolean isWellFormed(GeneralName base) {
        return switch (base.getTagNo()) {
            case GeneralName.dNSName, GeneralName.uniformResourceIdentifier ->
                DOMAIN.matcher(NameConstraints.text(base)).matches();
            case GeneralName.rfc822Name ->
                DOMAIN.matcher(NameConstraints.text(base)).matches()
                        || EMAIL.matcher(NameConstraints.text(base)).matches();
            case GeneralName.directoryName -> DirectorySubtrees.of(base).isPresent();
            case GeneralName.iPAddress -> NetworkSubtrees.isNetwork(base);
            default -> true;
        };
    }

    private static Optional<Subtrees> domain(String name) {
        if (!DNS.matcher(name).matches()) {
            return Optional.empty();
        }
        String host = name.toLowerCase(Locale.ROOT);
        return Optional.of(base -> {
            String domain = NameConstraints.text(base).toLowerCase(Locale.ROOT);
            if (isBelow(host, domain)) {
                return Overlap.WHOLE;
            }
            // A wildcard stands for one label (RFC 6125 section 6.4.3), and so for the host of the constraint as well.
            return host.startsWith("*.") && domain.endsWith(host.substring(1)) ? Overlap.PART : Overlap.NONE;
        });
    }

    /** DNS names: the domain itself, and whatever has labels before it. Before a leading dot there must be one. */
    private static boolean isBelow(String host, String domain) {
        return domain.isEmpty()
                || (domain.startsWith(".") ? host.endsWith(domain) : ("." + host).endsWith("." + domain));
    }

    /** An IP address, or no host at all, must be refused. */
    private static Optional<String> uriHost(String uri) {
        Matcher matcher = URI.matcher(uri);
        return matcher.matches()
                        && HOST.matcher(matcher.group(1)).matches()
                        && !IPV4.matcher(matcher.group(1)).matches()
                ? Optional.of(matcher.group(1).toLowerCase(Locale.ROOT))
                : Optional.empty();
    }

    /**
     * URIs and e-mail addresses: this host alone, or, with a leading dot, those below it. An empty constraint does not name
     * a host: it excludes all, as authorities mean it, and permits nothing.
     */
    private static Overlap host(String host, String constraint) {
        String text = constraint.toLowerCase(Locale.ROOT);
        if (text.isEmpty()) {
            return Overlap.PART;
        }
        return (text.startsWith(".") ? host.endsWith(text) : host.equals(text)) ? Overlap.WHOLE : Overlap.NONE;
    }

    private static Optional<Subtrees> mailbox(String address) {
        Matcher matcher = EMAIL.matcher(address);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String local = matcher.group(1);
        String host = matcher.group(2).toLowerCase(Locale.ROOT);
        return Optional.of(base -> {
            String constraint = NameConstraints.text(base);
            int at = constraint.lastIndexOf('@');
            if (at < 0) {
                return host(host, constraint);
            }
            if (!host.equalsIgnoreCase(constraint.substring(at + 1))) {
                return Overlap.NONE;
            }
            // RFC 5280 section 7.5 tells local parts apart by their case; hardly any mail server does.
            return constraint.startsWith(local + "@")
                    ? Overlap.WHOLE
                    : constraint.regionMatches(true, 0, local + "@", 0, local.length() + 1)
                            ? Overlap.PART
                            : Overlap.NONE;
        });
    }
}
