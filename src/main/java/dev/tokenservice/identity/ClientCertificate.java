package dev.tokenservice.identity;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What is known of a client certificate. Immutable, and well-formed by construction.
 *
 * @param names what it names, and its key
 * @param sha256 SHA-256 of the DER certificate as unpadded base64, 43 characters
 * @param serialNumber the DER integer's bytes as lower-case hex with colons
 * @param notBefore start of the validity
 * @param notAfter end of the validity
 * @param twins the fingerprints that the holder can give the certificate by turning its ECDSA signature into the other valid
 *     form: for lists of denied certificates, and no identity; empty if the certificate itself was not read
 */
public record ClientCertificate(
        Names names,
        Optional<String> sha256,
        Optional<String> serialNumber,
        Optional<Instant> notBefore,
        Optional<Instant> notAfter,
        Set<String> twins) {

    /** 32 bytes: 43 characters, the last of which carries four bits only (RFC 4648 section 4). */
    private static final Pattern SHA256 = Pattern.compile("[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]");

    private static final Pattern SERIAL_NUMBER = Pattern.compile("[0-9a-f]{2}(?::[0-9a-f]{2}){0,49}");

    public ClientCertificate {
        twins = Set.copyOf(twins);
        check(sha256.isEmpty() || SHA256.matcher(sha256.get()).matches(), "the SHA-256 fingerprint is malformed");
        check(
                serialNumber.isEmpty()
                        || SERIAL_NUMBER.matcher(serialNumber.get()).matches(),
                "the serial number is malformed");
        check(
                notBefore.isEmpty() || notAfter.isEmpty() || notBefore.get().isBefore(notAfter.get()),
                "the validity ends before it starts");
    }

    /**
     * Takes what a proxy tells. A kind of name of which it tells none is not known to be absent; {@link Names#ofAlternatives} says
     * how URIs are sorted.
     *
     * @throws MalformedCertificateException when an attribute is malformed
     */
    public static ClientCertificate ofUris(
            List<String> uris,
            List<String> dnsSans,
            Optional<String> sha256,
            Optional<String> serialNumber,
            Optional<Instant> notBefore,
            Optional<Instant> notAfter) {
        return new ClientCertificate(
                Names.ofAlternatives(told(uris), told(dnsSans)), sha256, serialNumber, notBefore, notAfter, Set.of());
    }

    /** A certificate of which only the fingerprint is known. */
    public static ClientCertificate ofFingerprint(String sha256) {
        return ofUris(List.of(), List.of(), Optional.of(sha256), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static Attribute<List<String>> told(List<String> values) {
        return values.isEmpty() ? Attribute.unknown() : Attribute.all(values);
    }

    /** The same certificate with other knowledge of its names. */
    public ClientCertificate with(Names known) {
        return new ClientCertificate(known, sha256, serialNumber, notBefore, notAfter, twins);
    }

    /** Returns the only {@code spiffe:} URI; empty when there is none, more than one, or one that is not a workload's ID. */
    public Optional<SpiffeId> spiffeId() {
        return names.spiffe().value();
    }

    /** Returns the URIs that are known, without any {@code spiffe:} one. */
    public List<String> uriSans() {
        return names.uris().value().orElse(List.of());
    }

    /** The DNS names that are known. */
    public List<String> dnsSans() {
        return names.dns().value().orElse(List.of());
    }

    private static void check(boolean sound, String problem) {
        if (!sound) {
            throw new MalformedCertificateException(problem);
        }
    }
}
