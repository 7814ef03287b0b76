package dev.tokenservice.x509;

import dev.tokenservice.identity.Attribute;
import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.identity.DirectoryName;
import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.oauth.RefusedException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Certificates that the operator revokes immediately with a list, in every flow and without any CRL. A list may have a million
 * lines: what it takes to check a certificate does not grow with them.
 */
public final class DeniedCertificates {

    public static final DeniedCertificates NONE = new DeniedCertificates();

    /**
     * The lines whose issuer may be meant as these names.
     *
     * @param serials the serial numbers, as digests
     */
    private record OfIssuer(List<DistinguishedName> names, DigestLines serials) {}

    private final DigestLines fingerprints = new DigestLines();
    private final Map<List<DistinguishedName>, OfIssuer> byNames = new HashMap<>();
    private final Map<DistinguishedName, List<OfIssuer>> byIssuer = new HashMap<>();

    private DeniedCertificates() {}

    /**
     * Reads a list.
     *
     * @throws dev.tokenservice.files.UnusableFileException when it cannot be read, or a line is malformed
     */
    public static DeniedCertificates read(Path file) {
        DeniedCertificates list = new DeniedCertificates();
        DeniedCertificateReader.read(file, list::add);
        return list;
    }

    private void add(DeniedCertificate denied) {
        denied.sha256().ifPresent(sha256 -> fingerprints.add(Base64.getDecoder().decode(sha256), denied.line()));
        denied.serialNumber()
                .ifPresent(serial -> ofIssuer(denied.issuers()).serials().add(digest(serial), denied.line()));
    }

    private OfIssuer ofIssuer(List<DistinguishedName> names) {
        return byNames.computeIfAbsent(names, unused -> {
            OfIssuer lines = new OfIssuer(names, new DigestLines());
            names.forEach(name -> byIssuer.merge(
                    name,
                    List.of(lines),
                    (one, other) -> Stream.concat(one.stream(), other.stream()).toList()));
            return lines;
        });
    }

    /**
     * Returns the lines whose issuer is none of these authorities: it may be the authority of an intermediate that clients
     * send, or be misspelt, and then nobody is denied.
     */
    public List<Integer> linesOfOthers(Set<DistinguishedName> authorities) {
        return byNames.values().stream()
                .filter(lines -> Collections.disjoint(lines.names(), authorities))
                .flatMapToInt(lines -> lines.serials().lines())
                .sorted()
                .boxed()
                .toList();
    }

    /**
     * Checks a certificate.
     *
     * @throws RefusedException {@code invalid_client} when it is on the list, or when too little is known of it to say that
     *     it is not
     */
    public void check(ClientCertificate certificate) {
        if (!fingerprints.isEmpty()) {
            String sha256 = known(certificate.sha256(), "SHA-256 fingerprint");
            refuse(Stream.concat(Stream.of(sha256), certificate.twins().stream())
                    .mapToInt(one -> fingerprints.line(Base64.getDecoder().decode(one))));
        }
        if (!byNames.isEmpty()) {
            byte[] serial = digest(DeniedCertificate.number(known(certificate.serialNumber(), "serial number")));
            refuse(mayBeOf(certificate.names().issuer()).stream()
                    .mapToInt(lines -> lines.serials().line(serial)));
        }
    }

    /**
     * Returns the lines of an issuer. A source that does not know issuers leaves the serial number alone to tell: better one
     * certificate too many than one too few.
     */
    private Collection<OfIssuer> mayBeOf(Attribute<DirectoryName> issuer) {
        return issuer.value().isEmpty()
                ? byNames.values()
                : byIssuer.getOrDefault(DistinguishedName.of(issuer.value().get()), List.of());
    }

    private static byte[] digest(BigInteger serial) {
        return CertificateAttributes.digest(serial.toByteArray());
    }

    private static String known(Optional<String> attribute, String name) {
        return attribute.orElseThrow(() -> Refusal.because(
                        ReasonCode.REVOCATION_UNKNOWN, "the revocation status of the client certificate is unknown")
                .detail("to check DENIED_CERTIFICATES, the service needs the " + name
                        + " of every certificate: have the load balancer send it")
                .exception());
    }

    /** Refuses where there is a line among these; 0 is none. */
    private static void refuse(IntStream lines) {
        OptionalInt first = lines.filter(line -> line > 0).min();
        if (first.isPresent()) {
            throw Refusal.because(ReasonCode.DENIED, "the client certificate is revoked: obtain another one")
                    .detail("it is on line " + first.getAsInt() + " of DENIED_CERTIFICATES")
                    .exception();
        }
    }
}
