package dev.tokenservice.identity;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;

/**
 * What is known of a client certificate that was positively verified. Immutable, and sound by construction: every
 * attribute is printable ASCII and bounded in length and number, and a SPIFFE ID is never among the URI SANs.
 *
 * @param spiffeId the only {@code spiffe:} URI of the certificate; empty when there is none, more than one, or one without a
 *     path
 * @param uriSans the URI SANs without any {@code spiffe:} one, in the certificate's order; at most 64 of 2,048 bytes
 * @param dnsSans the DNS SANs in the certificate's order; at most 64 of 2,048 bytes
 * @param sha256 SHA-256 of the DER certificate as unpadded base64, 43 characters
 * @param serialNumber the DER integer's bytes as lower-case hex with colons
 * @param notBefore start of the validity
 * @param notAfter end of the validity
 * @param issuer the issuer's distinguished name, where the certificate itself was read
 * @param twins the fingerprints that the holder can give the certificate by turning its ECDSA signature into the other valid
 *     form: for lists of denied certificates, and no identity; empty where the certificate itself was not read
 */
public record ClientCertificate(
        Optional<SpiffeId> spiffeId,
        List<String> uriSans,
        List<String> dnsSans,
        Optional<String> sha256,
        Optional<String> serialNumber,
        Optional<Instant> notBefore,
        Optional<Instant> notAfter,
        Optional<X500Principal> issuer,
        Set<String> twins) {

    private static final int MAX_SANS = 64;
    private static final int MAX_SAN_LENGTH = 2048;

    /** 32 bytes: 43 characters, the last of which carries four bits only (RFC 4648 section 4). */
    private static final Pattern SHA256 = Pattern.compile("[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]");

    private static final Pattern SERIAL_NUMBER = Pattern.compile("[0-9a-f]{2}(?::[0-9a-f]{2}){0,49}");

    /** Checks every attribute. */
    public ClientCertificate {
        uriSans = sound("URI SAN", uriSans);
        dnsSans = sound("DNS SAN", dnsSans);
        twins = Set.copyOf(twins);
        check(spiffeId.isEmpty() || spiffeId.get().namesWorkload(), "the SPIFFE ID has no path");
        check(uriSans.stream().noneMatch(SpiffeId::isClaimedBy), "a SPIFFE ID stands among the URI SANs");
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
     * Takes every URI SAN, SPIFFE IDs included, and sorts them: the only {@code spiffe:} URI becomes the SPIFFE ID where it
     * is a well-formed one of a workload, and none of them stays among the URI SANs. Two are none, identical ones included
     * (X509-SVID section 2).
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
        List<String> spiffeUris = uris.stream().filter(SpiffeId::isClaimedBy).toList();
        Optional<SpiffeId> spiffeId = spiffeUris.size() == 1
                ? SpiffeId.parse(spiffeUris.get(0)).filter(SpiffeId::namesWorkload)
                : Optional.empty();
        spiffeUris.forEach(uri -> check(isPrintable(uri), "control or non-ASCII characters in a SPIFFE ID"));
        List<String> others =
                uris.stream().filter(uri -> !SpiffeId.isClaimedBy(uri)).toList();
        return new ClientCertificate(
                spiffeId, others, dnsSans, sha256, serialNumber, notBefore, notAfter, Optional.empty(), Set.of());
    }

    /** The same certificate with its issuer's name. */
    public ClientCertificate issuedBy(X500Principal name) {
        return new ClientCertificate(
                spiffeId, uriSans, dnsSans, sha256, serialNumber, notBefore, notAfter, Optional.of(name), twins);
    }

    /** The same certificate with the other fingerprints that it may be shown under. */
    public ClientCertificate withTwins(Set<String> fingerprints) {
        return new ClientCertificate(
                spiffeId, uriSans, dnsSans, sha256, serialNumber, notBefore, notAfter, issuer, fingerprints);
    }

    private static List<String> sound(String name, List<String> values) {
        check(values.size() <= MAX_SANS, "more than " + MAX_SANS + " values of " + name);
        for (String value : values) {
            check(!value.isEmpty(), "an empty " + name);
            check(value.length() <= MAX_SAN_LENGTH, "a " + name + " of more than " + MAX_SAN_LENGTH + " bytes");
            check(isPrintable(value), "control or non-ASCII characters in a " + name);
        }
        return List.copyOf(values);
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
