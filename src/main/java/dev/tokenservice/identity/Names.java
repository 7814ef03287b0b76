package dev.tokenservice.identity;

import java.util.List;

/**
 * What the evidence says of the names in a certificate, and of its key. Immutable, and well-formed by construction: every
 * alternative name is printable ASCII and bounded in length and number, and a SPIFFE ID is never among the URIs.
 *
 * @param spiffe the only {@code spiffe:} URI; unknown when there are several, or one that is not a workload's ID
 * @param uris the other URIs in the certificate's order; at most 64 of 2,048 bytes
 * @param dns the DNS names, likewise
 * @param emails the e-mail addresses among the alternative names, likewise
 * @param ips the IP addresses, in the form of RFC 5952, likewise
 * @param subject the name of the subject
 * @param issuer the name of the issuer
 * @param keyType such as {@code RSA-2048}, {@code EC-P-256} or {@code Ed25519}
 */
public record Names(
        Attribute<SpiffeId> spiffe,
        Attribute<List<String>> uris,
        Attribute<List<String>> dns,
        Attribute<List<String>> emails,
        Attribute<List<String>> ips,
        Attribute<DirectoryName> subject,
        Attribute<DirectoryName> issuer,
        Attribute<String> keyType) {

    public static final Names UNKNOWN = ofAlternatives(Attribute.unknown(), Attribute.unknown());

    private static final int MAX_SANS = 64;
    private static final int MAX_SAN_LENGTH = 2048;

    public Names {
        check("URI SAN", uris);
        check("DNS SAN", dns);
        check("e-mail SAN", emails);
        check("IP SAN", ips);
        check(spiffe.value().isEmpty() || spiffe.value().get().namesWorkload(), "the SPIFFE ID has no path");
        check(
                uris.value().isEmpty() || uris.value().get().stream().noneMatch(SpiffeId::isClaimedBy),
                "a SPIFFE ID stands among the URI SANs");
    }

    /**
     * Takes every URI, SPIFFE IDs included, and sorts them: the only {@code spiffe:} URI becomes the SPIFFE ID where it is a
     * well-formed one of a workload, and none of them stays among the URIs. Two are none, identical ones included (X509-SVID
     * section 2). Nothing else is known of the certificate.
     *
     * @throws MalformedCertificateException when a name is malformed
     */
    public static Names ofAlternatives(Attribute<List<String>> uris, Attribute<List<String>> dns) {
        List<String> all = uris.value().orElse(List.of());
        List<String> claimed = all.stream().filter(SpiffeId::isClaimedBy).toList();
        claimed.forEach(uri -> check(isPrintable(uri), "control or non-ASCII characters in a SPIFFE ID"));
        List<String> others =
                all.stream().filter(uri -> !SpiffeId.isClaimedBy(uri)).toList();
        return new Names(
                uris.isUnknown() ? Attribute.unknown() : Attribute.only(claimed).flatMap(Names::workload),
                uris.isUnknown() ? Attribute.unknown() : Attribute.all(others),
                dns,
                Attribute.unknown(),
                Attribute.unknown(),
                Attribute.unknown(),
                Attribute.unknown(),
                Attribute.unknown());
    }

    private static Attribute<SpiffeId> workload(String uri) {
        return SpiffeId.parse(uri)
                .filter(SpiffeId::namesWorkload)
                .map(Attribute::of)
                .orElse(Attribute.unknown());
    }

    /** The same if it is known only of some kinds of names that those which are not there are absent. */
    public Names absentOnlyIf(boolean spiffeTold, boolean urisTold) {
        return new Names(
                spiffe.absentOnlyIf(spiffeTold),
                uris.absentOnlyIf(urisTold),
                dns,
                emails,
                ips,
                subject,
                issuer,
                keyType);
    }

    /** The same with what else a certificate says that was read itself. */
    public Names with(
            Attribute<List<String>> emailAddresses, Attribute<List<String>> ipAddresses, Attribute<String> key) {
        return new Names(spiffe, uris, dns, emailAddresses, ipAddresses, subject, issuer, key);
    }

    /** The same with the names of the subject and the issuer. */
    public Names with(Attribute<DirectoryName> subjectName, Attribute<DirectoryName> issuerName) {
        return new Names(spiffe, uris, dns, emails, ips, subjectName, issuerName, keyType);
    }

    /** The only common name of the subject; see {@link DirectoryName#only}. */
    public Attribute<String> cn() {
        return ofSubject(DirectoryName.COMMON_NAME);
    }

    /** Returns the only organization of the subject. */
    public Attribute<String> o() {
        return ofSubject(DirectoryName.ORGANIZATION);
    }

    /** Returns the only organizational unit of the subject. */
    public Attribute<String> ou() {
        return ofSubject(DirectoryName.ORGANIZATIONAL_UNIT);
    }

    /** Returns the only serial number among the subject's attributes. */
    public Attribute<String> subjectSerialNumber() {
        return ofSubject(DirectoryName.SERIAL_NUMBER);
    }

    private Attribute<String> ofSubject(String type) {
        return subject.flatMap(name -> name.only(type));
    }

    /** The only e-mail address among the alternative names. */
    public Attribute<String> email() {
        return emails.flatMap(Attribute::only);
    }

    private static void check(String kind, Attribute<List<String>> names) {
        List<String> values = names.value().orElse(List.of());
        check(values.size() <= MAX_SANS, "more than " + MAX_SANS + " values of " + kind);
        for (String value : values) {
            check(!value.isEmpty(), "an empty " + kind);
            check(value.length() <= MAX_SAN_LENGTH, "a " + kind + " of more than " + MAX_SAN_LENGTH + " bytes");
            check(isPrintable(value), "control or non-ASCII characters in a " + kind);
        }
    }

    private static boolean isPrintable(String value) {
        return value.chars().allMatch(c -> c >= ' ' && c <= '~');
    }

    private static void check(boolean sound, String problem) {
        if (!sound) {
            throw new MalformedCertificateException(problem);
        }
    }
}
