package dev.tokenservice.authentication.sources;

import dev.tokenservice.authentication.CertificateSource;
import dev.tokenservice.authentication.CertificateSourceFactory;
import dev.tokenservice.authentication.HeaderNames;
import dev.tokenservice.authentication.IncomingRequest;
import dev.tokenservice.authentication.SourceSettings;
import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.identity.MalformedCertificateException;
import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.OAuthException;
import dev.tokenservice.tls.TlsFactory;
import dev.tokenservice.x509.CertificateAttributes;
import dev.tokenservice.x509.CertificateVerifier;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** The TLS connection itself, which this service terminates: no proxy and no header has a say. */
public final class TlsSource implements CertificateSource {

    private static final String FLOW = "mtls-client-credentials";

    private final Supplier<CertificateVerifier> verifier;

    private TlsSource(Supplier<CertificateVerifier> verifier) {
        this.verifier = verifier;
    }

    /** Registers the flow. */
    public static final class Factory implements CertificateSourceFactory {
        @Override
        public String flow() {
            return FLOW;
        }

        @Override
        public Set<String> headers(HeaderNames names) {
            return Set.of();
        }

        @Override
        public Map<String, String> missing(HeaderNames names, TlsFactory tls) {
            return tls.isEnabled()
                    ? Map.of()
                    : Map.of("tls.certificate", "must be set, as the flow " + FLOW + " needs the TLS connector");
        }

        @Override
        public CertificateSource build(SourceSettings settings) {
            return new TlsSource(settings.verifier()
                    .orElseThrow(() -> new IllegalStateException("validated: there is a trust bundle")));
        }
    }

    @Override
    public ClientCertificate certificate(IncomingRequest request) {
        List<X509Certificate> presented = request.connection().certificates();
        if (presented.isEmpty()) {
            throw OAuthException.of(
                    OAuthError.INVALID_CLIENT, "send a client certificate: the connection came without one");
        }
        verifier.get().verify(presented);
        try {
            return CertificateAttributes.of(presented.get(0));
        } catch (MalformedCertificateException e) {
            throw OAuthException.of(OAuthError.INVALID_CLIENT, "the client certificate is malformed")
                    .withDetail(String.valueOf(e.getMessage()))
                    .withCause(e);
        }
    }
}
