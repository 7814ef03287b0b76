package dev.tokenservice.authentication.sources;

import dev.tokenservice.authentication.CertificateSource;
import dev.tokenservice.authentication.IncomingRequest;
import dev.tokenservice.authentication.PassedCertificate;
import dev.tokenservice.authentication.RequestHeaders;
import dev.tokenservice.authentication.SourceSettings;
import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.OAuthException;
import dev.tokenservice.x509.EncodedCertificates;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * AWS Application Load Balancer.
 *
 * <pre>
 * X-Amzn-Mtls-Clientcert-Leaf          = url-encoded PEM, "+", "=" and "/" unencoded; verify mode: it was verified
 * X-Amzn-Mtls-Clientcert-Serial-Number = 1*100( hex digit )
 * X-Amzn-Mtls-Clientcert-Validity      = "NotBefore=" RFC 3339 ";NotAfter=" RFC 3339
 * X-Amzn-Mtls-Clientcert               = url-encoded PEM of the chain; passthrough mode: nobody has verified it
 * </pre>
 */
public final class AwsLoadBalancerSource implements CertificateSource {

    private static final String PASSTHROUGH = "X-Amzn-Mtls-Clientcert";
    private static final String LEAF = PASSTHROUGH + "-Leaf";
    private static final String SERIAL_NUMBER = PASSTHROUGH + "-Serial-Number";
    private static final String VALIDITY = PASSTHROUGH + "-Validity";
    private static final Set<String> HEADERS =
            Set.of(PASSTHROUGH, LEAF, SERIAL_NUMBER, VALIDITY, PASSTHROUGH + "-Issuer", PASSTHROUGH + "-Subject");
    private static final Pattern HEX = Pattern.compile("[0-9A-Fa-f]{1,100}");

    private final PassedCertificate certificates;

    private AwsLoadBalancerSource(SourceSettings settings) {
        this.certificates = new PassedCertificate(settings);
    }

    /** Registers the flow. */
    public static final class Factory extends Dialect {
        public Factory() {
            super("alb-mtls-client-credentials", names -> HEADERS, AwsLoadBalancerSource::new);
        }
    }

    @Override
    public ClientCertificate certificate(IncomingRequest request) {
        Optional<String> leaf = request.headers().single(LEAF);
        Optional<String> passedThrough = request.headers().single(PASSTHROUGH);
        if (leaf.isPresent() && passedThrough.isPresent()) {
            throw PassedCertificate.unsound("headers of both modes, verify and passthrough");
        }
        if (passedThrough.isPresent()) {
            return unverified(passedThrough.get());
        }
        List<X509Certificate> chain = PassedCertificate.parse(
                LEAF, leaf.orElseThrow(() -> PassedCertificate.missing(LEAF)), EncodedCertificates::ofUrlEncodedPem);
        if (chain.size() != 1) {
            throw PassedCertificate.unsound(LEAF + " holds more than one certificate");
        }
        checkSummary(request.headers(), chain.get(0));
        return certificates.attributes(chain);
    }

    private ClientCertificate unverified(String value) {
        if (!certificates.isVerifiedHere()) {
            throw OAuthException.of(OAuthError.INVALID_CLIENT, "nobody has verified the client certificate")
                    .withDetail("the load balancer's listener is in passthrough mode: use verify mode, or set "
                            + "MTLS_TRUST_BUNDLE");
        }
        return certificates.attributes(
                PassedCertificate.parse(PASSTHROUGH, value, EncodedCertificates::ofUrlEncodedPem));
    }

    /**
     * Subject and issuer are left alone: names are printed in so many ways that another way could not be told from another
     * name, and nothing is taken from them.
     */
    private static void checkSummary(RequestHeaders headers, X509Certificate leaf) {
        boolean otherSerial = headers.single(SERIAL_NUMBER)
                .filter(serial -> !HEX.matcher(serial).matches()
                        || !new BigInteger(serial, 16)
                                .equals(new BigInteger(1, leaf.getSerialNumber().toByteArray())))
                .isPresent();
        String validity = "NotBefore=" + leaf.getNotBefore().toInstant() + ";NotAfter="
                + leaf.getNotAfter().toInstant();
        boolean otherValidity =
                headers.single(VALIDITY).filter(text -> !text.equals(validity)).isPresent();
        if (otherSerial || otherValidity) {
            throw PassedCertificate.unsound("the summary headers tell of another certificate than " + LEAF);
        }
    }
}
