package dev.tokenservice.authentication.sources;

import dev.tokenservice.authentication.CertificateSource;
import dev.tokenservice.authentication.HeaderNames;
import dev.tokenservice.authentication.IncomingRequest;
import dev.tokenservice.authentication.PassedCertificate;
import dev.tokenservice.authentication.PemHeaderNames;
import dev.tokenservice.authentication.RequestHeaders;
import dev.tokenservice.authentication.SourceSettings;
import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.OAuthException;
import dev.tokenservice.tls.TlsFactory;
import dev.tokenservice.x509.EncodedCertificates;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * nginx, HAProxy, Traefik, Cloudflare, and whatever else passes the certificate in a header of the operator's choice.
 *
 * <pre>
 * certificate = url-encoded PEM                   nginx $ssl_client_escaped_cert
 *             / base64 of DER *( "," more )       HAProxy %[ssl_c_der,base64], Traefik, Cloudflare
 * verify      = the good value, or a bad one      nginx $ssl_client_verify: SUCCESS; HAProxy %[ssl_c_verify]: 0
 * </pre>
 *
 * Without a verify header nobody says that the certificate is good: then a trust bundle has to.
 */
public final class PemSource implements CertificateSource {

    private static final String PEM_START = "-----BEGIN";

    private final PemHeaderNames names;
    private final PassedCertificate certificates;

    private PemSource(SourceSettings settings) {
        this.names = settings.headers().pem();
        this.certificates = new PassedCertificate(settings);
    }

    /** Registers the flow. */
    public static final class Factory extends Dialect {
        public Factory() {
            super("pem-mtls-client-credentials", names -> names.pem().all(), PemSource::new);
        }

        @Override
        public Map<String, String> missing(HeaderNames names, TlsFactory tls) {
            return names.pem().verify().isPresent() || tls.hasTrustBundle()
                    ? Map.of()
                    : Map.of(
                            "headers.pem.verify",
                            "must be a header name, or MTLS_TRUST_BUNDLE must be set: somebody has to verify");
        }
    }

    @Override
    public ClientCertificate certificate(IncomingRequest request) {
        Optional<String> verify = names.verify();
        if (verify.isPresent()) {
            checkVerified(request.headers(), verify.get());
        } else if (!certificates.isVerifiedHere()) {
            throw OAuthException.of(OAuthError.SERVER_ERROR, "the service cannot verify client certificates")
                    .withDetail("set MTLS_HEADER_PEM_VERIFY, or MTLS_TRUST_BUNDLE");
        }
        String value = request.headers()
                .single(names.certificate())
                .orElseThrow(() -> PassedCertificate.missing(names.certificate()));
        return certificates.attributes(PassedCertificate.parse(names.certificate(), value, PemSource::chain));
    }

    private void checkVerified(RequestHeaders headers, String header) {
        String value = headers.single(header).orElseThrow(() -> PassedCertificate.missing(header));
        if (!value.equals(names.verified())) {
            throw OAuthException.of(
                            OAuthError.INVALID_CLIENT,
                            "the client certificate is missing, or it could not be verified: it is expired, revoked, or "
                                    + "not issued by a trusted authority")
                    .withDetail("header " + header + " is " + OAuthException.quote(value));
        }
    }

    private static List<X509Certificate> chain(String value) {
        return value.startsWith(PEM_START)
                ? EncodedCertificates.ofUrlEncodedPem(value)
                : EncodedCertificates.ofBase64List(value);
    }
}
