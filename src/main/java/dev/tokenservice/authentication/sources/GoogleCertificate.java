package dev.tokenservice.authentication.sources;

import dev.tokenservice.authentication.HeaderNames;
import dev.tokenservice.authentication.PassedCertificate;
import dev.tokenservice.authentication.RequestHeaders;
import dev.tokenservice.authentication.SourceSettings;
import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.x509.EncodedCertificates;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The certificate that Google's load balancer passes on besides its summary, where it is told to: then the certificate is
 * believed, and a summary that says otherwise was not written about it.
 *
 * <pre>
 * leaf  = byte sequence (RFC 9440)
 * chain = byte sequence *( "," byte sequence ), without the leaf
 * </pre>
 */
final class GoogleCertificate {

    private final HeaderNames names;
    private final PassedCertificate certificates;

    GoogleCertificate(SourceSettings settings) {
        this.names = settings.headers();
        this.certificates = new PassedCertificate(settings);
    }

    /** The attributes to go on with: those of the summary where the load balancer passes no certificate on. */
    ClientCertificate believe(ClientCertificate summary, RequestHeaders headers) {
        if (names.leaf().isEmpty()) {
            return summary;
        }
        String header = names.leaf().get();
        String leaf = headers.single(header).orElseThrow(() -> PassedCertificate.missing(header));
        List<X509Certificate> chain = new ArrayList<>();
        chain.add(PassedCertificate.parse(header, leaf, EncodedCertificates::ofByteSequence));
        chain.addAll(intermediates(headers));
        ClientCertificate certificate = certificates.attributes(chain);
        if (!agree(summary, certificate)) {
            throw PassedCertificate.unsound("the summary headers tell of another certificate than " + header);
        }
        return certificate;
    }

    private List<X509Certificate> intermediates(RequestHeaders headers) {
        return names.chain()
                .flatMap(header -> headers.single(header)
                        .map(value -> PassedCertificate.parse(header, value, EncodedCertificates::ofByteSequences)))
                .orElse(List.of());
    }

    /** What is absent does not disagree: the load balancer leaves out what is too long. */
    private static boolean agree(ClientCertificate summary, ClientCertificate certificate) {
        return agree(summary.sha256(), certificate.sha256())
                && agree(summary.serialNumber(), certificate.serialNumber())
                && agree(summary.spiffeId(), certificate.spiffeId())
                && agree(summary.notBefore(), certificate.notBefore())
                && agree(summary.notAfter(), certificate.notAfter())
                && agree(summary.uriSans(), certificate.uriSans())
                && agree(summary.dnsSans(), certificate.dnsSans());
    }

    private static <T> boolean agree(Optional<T> summary, Optional<T> certificate) {
        return summary.isEmpty() || summary.equals(certificate);
    }

    private static boolean agree(List<String> summary, List<String> certificate) {
        return summary.isEmpty() || Set.copyOf(summary).equals(Set.copyOf(certificate));
    }
}
