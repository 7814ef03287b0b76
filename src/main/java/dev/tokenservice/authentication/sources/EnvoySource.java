package dev.tokenservice.authentication.sources;

import dev.tokenservice.authentication.CertificateSource;
import dev.tokenservice.authentication.IncomingRequest;
import dev.tokenservice.authentication.PassedCertificate;
import dev.tokenservice.authentication.SourceSettings;
import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.identity.MalformedCertificateException;
import dev.tokenservice.x509.EncodedCertificates;
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

    private final PassedCertificate certificates;

    private EnvoySource(SourceSettings settings) {
        this.certificates = new PassedCertificate(settings);
    }

    /** Registers the flow. */
    public static final class Factory extends Dialect {
        public Factory() {
            super("envoy-mtls-client-credentials", names -> Set.of(HEADER), EnvoySource::new);
        }
    }

    @Override
    public ClientCertificate certificate(IncomingRequest request) {
        String value = request.headers().single(HEADER).orElseThrow(() -> PassedCertificate.missing(HEADER));
        XfccElement element = PassedCertificate.parse(HEADER, value, XfccElement::parse);
        if (element.one("cert").isPresent()) {
            return whole(element);
        }
        if (certificates.isVerifiedHere()) {
            throw PassedCertificate.unsound(
                    "MTLS_TRUST_BUNDLE needs the certificate itself: have Envoy add Cert to the "
                            + "header (set_current_client_cert_details)");
        }
        return summary(element);
    }

    private ClientCertificate whole(XfccElement element) {
        List<X509Certificate> chain = new ArrayList<>();
        element.one("cert").map(EnvoySource::pem).ifPresent(chain::addAll);
        if (chain.size() != 1) {
            throw PassedCertificate.unsound("Cert holds more than one certificate");
        }
        element.one("chain").map(EnvoySource::pem).ifPresent(chain::addAll);
        ClientCertificate certificate = certificates.attributes(chain);
        if (!element.agreesWith(certificate)) {
            throw PassedCertificate.unsound("Hash, URI or DNS tell of another certificate than Cert");
        }
        return certificate;
    }

    private static List<X509Certificate> pem(String value) {
        return PassedCertificate.parse(HEADER, value, EncodedCertificates::ofUrlEncodedPem);
    }

    /**
     * An unquoted semicolon in a URI of the certificate looks like the end of the URI, and what follows like another pair:
     * so nothing may follow it, and what always would (the DNS names) is not taken from here.
     */
    private static ClientCertificate summary(XfccElement element) {
        if (!element.endsWithUri()) {
            throw PassedCertificate.unsound(
                    "without Cert the URI has to come last, and DNS cannot be believed: have Envoy "
                            + "add Cert to the header (set_current_client_cert_details)");
        }
        try {
            return ClientCertificate.ofUris(
                    element.all("uri").stream().filter(uri -> !uri.isEmpty()).toList(),
                    List.of(),
                    Optional.of(element.sha256().orElseThrow(() -> PassedCertificate.unsound("there is no Hash"))),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        } catch (MalformedCertificateException e) {
            throw PassedCertificate.unsound(String.valueOf(e.getMessage())).withCause(e);
        }
    }
}
