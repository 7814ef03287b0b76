package dev.tokenservice.authentication;

import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.identity.MalformedCertificateException;
import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.OAuthException;
import dev.tokenservice.x509.CertificateAttributes;
import dev.tokenservice.x509.CertificateVerifier;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** A certificate that a proxy passed on whole: what to believe of it is in it, and nowhere else. */
public final class PassedCertificate {

    private final Optional<? extends Supplier<CertificateVerifier>> verifier;

    public PassedCertificate(SourceSettings settings) {
        this.verifier = settings.verifier();
    }

    /** Whether chains are verified here, whatever the proxy says. */
    public boolean isVerifiedHere() {
        return verifier.isPresent();
    }

    /**
     * Reads the attributes of a client's certificate, and verifies the chain again where there is a trust bundle.
     *
     * @param chain the client's certificate first
     */
    public ClientCertificate attributes(List<X509Certificate> chain) {
        CertificateVerifier.checkClient(chain.get(0));
        verifier.ifPresent(current -> current.get().verify(chain));
        try {
            return CertificateAttributes.of(chain.get(0));
        } catch (MalformedCertificateException e) {
            throw unsound("the certificate is malformed: " + e.getMessage()).withCause(e);
        }
    }

    /** Reads the value of a header. */
    public static <T> T parse(String header, String value, Function<String, T> parser) {
        try {
            return parser.apply(value);
        } catch (MalformedCertificateException e) {
            throw unsound("header " + header + ": " + e.getMessage()).withCause(e);
        }
    }

    /** The refusal of a request without a certificate. */
    public static OAuthException missing(String header) {
        return OAuthException.of(OAuthError.INVALID_CLIENT, "no client certificate was verified for this connection")
                .withDetail(
                        "header " + header + " is missing or empty: the client sent no certificate, or did not call "
                                + "through the proxy");
    }

    /** The refusal of something malformed or contradictory. */
    public static OAuthException unsound(String detail) {
        return OAuthException.of(
                        OAuthError.INVALID_CLIENT, "what the proxy says of the client certificate is not sound")
                .withDetail(detail);
    }
}
