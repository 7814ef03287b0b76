package dev.tokenservice.authentication.sources;

import dev.tokenservice.authentication.Evidence;
import dev.tokenservice.authentication.RequestHeaders;
import dev.tokenservice.authentication.UnsoundEvidence;
import dev.tokenservice.identity.ClientCertificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The certificate that Google's load balancer forwards beside its summary, where it is told to: then the certificate counts,
 * and a summary that says otherwise was not written about it.
 *
 * <pre>
 * leaf  = byte sequence (RFC 9440)
 * chain = byte sequence *( "," byte sequence ), without the leaf
 * </pre>
 */
final class GoogleForwardedChain {

    private final GoogleLoadBalancerFactory names;

    GoogleForwardedChain(GoogleLoadBalancerFactory names) {
        this.names = names;
    }

    /**
     * Returns the certificate, with which the summary must agree; the summary alone where the load balancer is not told to
     * pass it on.
     */
    Evidence evidence(ClientCertificate summary, RequestHeaders headers) {
        if (names.leaf().isEmpty()) {
            return Evidence.summary(summary);
        }
        String header = names.leaf().get();
        List<X509Certificate> chain = new ArrayList<>();
        chain.add(headers.parsed(header, EncodedCertificates::ofByteSequence)
                .orElseThrow(() -> UnsoundEvidence.missing(header)));
        chain.addAll(intermediates(headers));
        Evidence evidence = Evidence.vouchedFor(chain);
        if (!agree(summary, evidence.attributes())) {
            return evidence.refused(
                    UnsoundEvidence.because("the summary headers describe another certificate than " + header)
                            .build());
        }
        return evidence;
    }

    private List<X509Certificate> intermediates(RequestHeaders headers) {
        return names.chain()
                .flatMap(header -> headers.parsed(header, EncodedCertificates::ofByteSequences))
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
                && agree(summary.dnsSans(), certificate.dnsSans())
                && agree(
                        summary.names().subject().value(),
                        certificate.names().subject().value())
                && agree(
                        summary.names().issuer().value(),
                        certificate.names().issuer().value());
    }

    private static <T> boolean agree(Optional<T> summary, Optional<T> certificate) {
        return summary.isEmpty() || summary.equals(certificate);
    }

    private static boolean agree(List<String> summary, List<String> certificate) {
        return summary.isEmpty() || Set.copyOf(summary).equals(Set.copyOf(certificate));
    }
}
