package dev.tokenservice.x509;

import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.OAuthException;
import java.math.BigInteger;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Certificates that are revoked at once, by a list of the operator's, in every flow and without any CRL. */
public final class DeniedCertificates {

    /** Denies nothing. */
    public static final DeniedCertificates NONE = new DeniedCertificates(List.of());

    private final Map<String, DeniedCertificate> bySha256;
    private final Map<BigInteger, List<DeniedCertificate>> bySerialNumber;

    public DeniedCertificates(List<DeniedCertificate> list) {
        this.bySha256 = list.stream()
                .filter(denied -> denied.sha256().isPresent())
                .collect(Collectors.toMap(denied -> denied.sha256().get(), denied -> denied, (first, second) -> first));
        this.bySerialNumber = list.stream()
                .filter(denied -> denied.serialNumber().isPresent())
                .collect(Collectors.groupingBy(denied -> denied.serialNumber().get()));
    }

    /**
     * The lines whose issuer is none of these authorities: it may be the authority of an intermediate that clients send, or be
     * misspelt, and then nobody is denied.
     */
    public List<Integer> linesOfOthers(Set<DistinguishedName> authorities) {
        return bySerialNumber.values().stream()
                .flatMap(List::stream)
                .filter(denied -> Collections.disjoint(denied.issuers(), authorities))
                .map(DeniedCertificate::line)
                .sorted()
                .toList();
    }

    /**
     * Checks a certificate.
     *
     * @throws OAuthException {@code invalid_client} when it is on the list, or when too little is known of it to say that
     *     it is not
     */
    public void check(ClientCertificate certificate) {
        if (!bySha256.isEmpty()) {
            String sha256 = known(certificate.sha256(), "SHA-256 fingerprint");
            refuse(Stream.concat(Stream.of(sha256), certificate.twins().stream())
                    .map(bySha256::get)
                    .filter(Objects::nonNull)
                    .findFirst());
        }
        if (!bySerialNumber.isEmpty()) {
            BigInteger serialNumber = DeniedCertificate.number(known(certificate.serialNumber(), "serial number"));
            refuse(bySerialNumber.getOrDefault(serialNumber, List.of()).stream()
                    .filter(denied -> denied.mayBeOf(certificate.issuer()))
                    .findFirst());
        }
    }

    private static String known(Optional<String> attribute, String name) {
        return attribute.orElseThrow(() -> OAuthException.of(
                        OAuthError.INVALID_CLIENT, "it cannot be told whether the client certificate is revoked")
                .withDetail("DENIED_CERTIFICATES needs the " + name
                        + " of every certificate: see that the load balancer sends it"));
    }

    private static void refuse(Optional<DeniedCertificate> found) {
        found.ifPresent(denied -> {
            throw OAuthException.of(OAuthError.INVALID_CLIENT, "the client certificate is revoked: obtain another one")
                    .withDetail("it is on line " + denied.line() + " of DENIED_CERTIFICATES");
        });
    }
}
