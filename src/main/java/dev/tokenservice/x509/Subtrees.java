package dev.tokenservice.x509;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x509.GeneralName;

/** Whether a name is within a subtree of names of its kind, RFC 5280 section 4.2.1.10. */
interface Subtrees {

    /** Labels of letters, digits, dashes and underscores; SPIFFE has the latter in trust domains. No dot at the end. */
    Pattern DNS = Pattern.compile("(?=.{1,255}$)[A-Za-z0-9_*-]{1,63}(?:\\.[A-Za-z0-9_*-]{1,63})*+");

    Pattern EMAIL = Pattern.compile("([!-?A-~]{1,64})@(" + DNS + ")");

    /** RFC 3986 section 3: with an authority. */
    Pattern URI =
            Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*+://(?:[A-Za-z0-9._~!$&'()*+,;=:%-]*+@)?([A-Za-z0-9._-]{1,255}+)"
                    + "(?::[0-9]*+)?(?:[/?#].*+)?");

    Pattern IPV4 = Pattern.compile("(?:.*\\.)?[0-9]+");

    /**
     * Whether the name is within a subtree.
     *
     * @param base a constraint of the name's kind
     * @throws IllegalArgumentException when the constraint is malformed
     */
    boolean isWithin(GeneralName base);

    /** Those of a name; empty where its kind is not supported, or it cannot be told what it is in. */
    static Optional<Subtrees> of(GeneralName name) {
        return switch (name.getTagNo()) {
            case GeneralName.dNSName -> host(NameConstraints.text(name)).map(host -> base -> isDomain(host, base));
            case GeneralName.uniformResourceIdentifier ->
                uriHost(NameConstraints.text(name)).map(host -> base -> isHost(host, NameConstraints.text(base)));
            case GeneralName.rfc822Name -> mailbox(NameConstraints.text(name));
            case GeneralName.directoryName -> Optional.of(base -> isBelow(name, base));
            case GeneralName.iPAddress -> Optional.of(base -> isInNetwork(octets(name), octets(base)));
            default -> Optional.empty();
        };
    }

    private static Optional<String> host(String text) {
        return DNS.matcher(text).matches() ? Optional.of(text.toLowerCase(Locale.ROOT)) : Optional.empty();
    }

    /** An IP address, or no host at all, must be refused. */
    private static Optional<String> uriHost(String uri) {
        Matcher matcher = URI.matcher(uri);
        return matcher.matches()
                ? host(matcher.group(1)).filter(host -> !IPV4.matcher(host).matches())
                : Optional.empty();
    }

    private static Optional<Subtrees> mailbox(String address) {
        Matcher matcher = EMAIL.matcher(address);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String host = matcher.group(2).toLowerCase(Locale.ROOT);
        return Optional.of(base -> {
            String text = NameConstraints.text(base);
            int at = text.lastIndexOf('@');
            return isHost(host, text.substring(at + 1)) && (at < 0 || text.startsWith(matcher.group(1) + "@"));
        });
    }

    /** DNS names: the domain itself, and whatever has labels before it. Before a leading dot there has to be one. */
    private static boolean isDomain(String host, GeneralName base) {
        String domain = NameConstraints.text(base).toLowerCase(Locale.ROOT);
        return domain.isEmpty()
                || (domain.startsWith(".") ? host.endsWith(domain) : ("." + host).endsWith("." + domain));
    }

    /** URIs and e-mail addresses: this host alone, or, with a leading dot, those below it. */
    private static boolean isHost(String host, String constraint) {
        String text = constraint.toLowerCase(Locale.ROOT);
        return text.isEmpty() || (text.startsWith(".") ? host.endsWith(text) : host.equals(text));
    }

    private static boolean isBelow(GeneralName name, GeneralName base) {
        RDN[] names = X500Name.getInstance(name.getName()).getRDNs();
        RDN[] above = X500Name.getInstance(base.getName()).getRDNs();
        if (above.length > names.length) {
            return false;
        }
        for (int i = 0; i < above.length; i++) {
            if (!IETFUtils.rDNAreEqual(names[i], above[i])) {
                return false;
            }
        }
        return true;
    }

    private static byte[] octets(GeneralName name) {
        return ASN1OctetString.getInstance(name.getName()).getOctets();
    }

    /** An address and its mask, twice as long as the addresses in it. */
    private static boolean isInNetwork(byte[] address, byte[] network) {
        if (network.length != 8 && network.length != 32) {
            throw new IllegalArgumentException("a name constraint is neither an IPv4 nor an IPv6 network");
        }
        if (network.length != 2 * address.length) {
            return false;
        }
        for (int i = 0; i < address.length; i++) {
            int mask = network[address.length + i];
            if ((address[i] & mask) != (network[i] & mask)) {
                return false;
            }
        }
        return true;
    }
}
