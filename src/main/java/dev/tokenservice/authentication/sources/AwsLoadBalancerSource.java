package dev.tokenservice.authentication.sources;

import dev.tokenservice.authentication.CertificateSource;
import dev.tokenservice.authentication.Evidence;
import dev.tokenservice.authentication.IncomingRequest;
import dev.tokenservice.authentication.RequestHeaders;
import dev.tokenservice.authentication.UnsoundEvidence;
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

    public static final class Factory extends FixedHeadersFactory {
        public Factory() {
            super("alb-mtls-client-credentials", HEADERS, AwsLoadBalancerSource::new);
        }
    }

    @Override
    public Evidence evidence(IncomingRequest request) {
        RequestHeaders headers = request.headers();
        Optional<List<X509Certificate>> leaf = headers.parsed(LEAF, EncodedCertificates::ofUrlEncodedPem);
        Optional<List<X509Certificate>> passedThrough =
                headers.parsed(PASSTHROUGH, EncodedCertificates::ofUrlEncodedPem);
        if (leaf.isPresent() && passedThrough.isPresent()) {
            throw UnsoundEvidence.because("headers of both modes, verify and passthrough")
                    .exception();
        }
        if (passedThrough.isPresent()) {
            return Evidence.unverified(passedThrough.get());
        }
        List<X509Certificate> chain = leaf.orElseThrow(() -> UnsoundEvidence.missing(LEAF));
        if (chain.size() != 1) {
            throw UnsoundEvidence.because(LEAF + " holds more than one certificate")
                    .exception();
        }
        Evidence evidence = Evidence.vouchedFor(chain);
        return agree(headers, chain.get(0))
                ? evidence
                : evidence.refused(
                        UnsoundEvidence.because("the summary headers describe another certificate than " + LEAF)
                                .build());
    }

    /**
     * Subject and issuer are left alone: names are printed in so many ways that another way could not be told from another
     * name, and nothing is taken from them.
     */
    private static boolean agree(RequestHeaders headers, X509Certificate leaf) {
        boolean otherSerial = headers.single(SERIAL_NUMBER)
                .filter(serial -> !HEX.matcher(serial).matches()
                        || !new BigInteger(serial, 16)
                                .equals(new BigInteger(1, leaf.getSerialNumber().toByteArray())))
                .isPresent();
        String validity = "NotBefore=" + leaf.getNotBefore().toInstant() + ";NotAfter="
                + leaf.getNotAfter().toInstant();
        boolean otherValidity =
                headers.single(VALIDITY).filter(text -> !text.equals(validity)).isPresent();
        return !otherSerial && !otherValidity;
    }
}
