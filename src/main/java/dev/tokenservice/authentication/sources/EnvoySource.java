package dev.tokenservice.authentication.sources;

import dev.tokenservice.authentication.CertificateSource;
import dev.tokenservice.authentication.Evidence;
import dev.tokenservice.authentication.IncomingRequest;
import dev.tokenservice.authentication.UnsoundEvidence;
import dev.tokenservice.identity.ClientCertificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Envoy and Istio: {@code x-forwarded-client-cert}, as {@link XfccElement} reads it. Envoy must be told to sanitize what
 * clients send ({@code SANITIZE_SET}), and closes connections with certificates that it cannot verify.
 */
public final class EnvoySource implements CertificateSource {

    private static final String HEADER = "X-Forwarded-Client-Cert";

    public static final class Factory extends FixedHeadersFactory {
        public Factory() {
            super("envoy-mtls-client-credentials", Set.of(HEADER), EnvoySource::new);
        }
    }

    @Override
    public Evidence evidence(IncomingRequest request) {
        return request.headers()
                .parsed(HEADER, EnvoySource::evidence)
                .orElseThrow(() -> UnsoundEvidence.missing(HEADER));
    }

    private static Evidence evidence(String value) {
        XfccElement element = XfccElement.parse(value);
        return element.one("cert").isPresent() ? whole(element) : summary(element);
    }

    private static Evidence whole(XfccElement element) {
        List<X509Certificate> chain = new ArrayList<>(certificates(element, "cert"));
        if (chain.size() != 1) {
            throw UnsoundEvidence.because("Cert holds more than one certificate")
                    .exception();
        }
        chain.addAll(certificates(element, "chain"));
        Evidence evidence = Evidence.vouchedFor(chain);
        if (!element.agreesWith(evidence.attributes())) {
            return evidence.refused(UnsoundEvidence.because("Hash, URI or DNS describe another certificate than Cert")
                    .build());
        }
        return evidence;
    }

    private static List<X509Certificate> certificates(XfccElement element, String key) {
        return element.one(key).map(EncodedCertificates::ofUrlEncodedPem).orElse(List.of());
    }

    /**
     * An unquoted semicolon in a URI of the certificate looks like the end of the URI, and what follows like another pair:
     * so nothing may follow it, and what always would (the DNS names) is not taken from here.
     */
    private static Evidence summary(XfccElement element) {
        if (!element.endsWithUri()) {
            throw UnsoundEvidence.because(
                            "without Cert, the URI must be the last pair, and DNS is not allowed: have Envoy "
                                    + "add Cert to the header (set_current_client_cert_details)")
                    .exception();
        }
        return Evidence.summary(ClientCertificate.ofUris(
                element.all("uri").stream().filter(uri -> !uri.isEmpty()).toList(),
                List.of(),
                Optional.of(element.sha256()
                        .orElseThrow(() ->
                                UnsoundEvidence.because("there is no Hash").exception())),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    }
}
