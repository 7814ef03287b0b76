package dev.tokenservice.authentication;

import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.identity.MalformedCertificateException;
import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.x509.CertificateAttributes;
import java.security.cert.X509Certificate;
import java.util.List;

/** The evidence of a client certificate in a request, which {@link Verification} believes or refuses. */
public sealed interface Evidence {

    /** Returns the attributes of the certificate, as the evidence has them. */
    ClientCertificate attributes();

    /**
     * The same evidence, for the audit line alone: the client is refused for what the source has found out. The first refusal
     * counts.
     */
    default Evidence refused(Refusal refusal) {
        return new Refused(attributes(), refusal);
    }

    /**
     * Returns the certificate that the peer presented to this server.
     *
     * @throws RefusedException {@code invalid_client} when there is none
     */
    static Evidence ofConnection(Connection connection) {
        List<X509Certificate> presented = connection.certificates();
        if (presented.isEmpty()) {
            throw Refusal.because(
                            ReasonCode.NO_CERTIFICATE, "send a client certificate: the connection came without one")
                    .exception();
        }
        try {
            return new Chain(presented, Kind.OF_CONNECTION);
        } catch (MalformedCertificateException e) {
            return new Refused(
                    CertificateAttributes.identifying(presented.get(0)),
                    Refusal.because(ReasonCode.NOT_VERIFIED, "the client certificate is malformed")
                            .detail(String.valueOf(e.getMessage()))
                            .cause(e)
                            .build());
        }
    }

    /**
     * A certificate that the proxy forwarded, and says that it has verified.
     *
     * @param chain the client's certificate, and after it what came along to build its chain
     * @throws RefusedException {@code invalid_client} when there is no certificate
     */
    static Evidence vouchedFor(List<X509Certificate> chain) {
        return forwarded(chain, Kind.VOUCHED_FOR);
    }

    /**
     * A certificate that the proxy forwarded without a word on whether it is to be trusted.
     *
     * @param chain the client's certificate, and after it what came along to build its chain
     * @throws RefusedException {@code invalid_client} when there is no certificate
     */
    static Evidence unverified(List<X509Certificate> chain) {
        return forwarded(chain, Kind.UNVERIFIED);
    }

    /** What the proxy says about a certificate that it has verified, but has not forwarded. */
    static Evidence summary(ClientCertificate attributes) {
        return new Summary(attributes);
    }

    private static Evidence forwarded(List<X509Certificate> chain, Kind kind) {
        if (chain.isEmpty()) {
            throw UnsoundEvidence.because("the proxy forwarded no certificate").exception();
        }
        try {
            return new Chain(chain, kind);
        } catch (MalformedCertificateException e) {
            return new Refused(
                    CertificateAttributes.identifying(chain.get(0)),
                    UnsoundEvidence.because("the certificate is malformed: " + e.getMessage())
                            .cause(e)
                            .build());
        }
    }

    /** What a flow must show. */
    enum Kind {
        /** The certificate of the TLS connection. */
        OF_CONNECTION,
        /** A certificate that the proxy has verified. */
        VOUCHED_FOR,
        /** A certificate that nobody has verified. */
        UNVERIFIED,
        /** Attributes without the certificate. */
        SUMMARY
    }

    final class Chain implements Evidence {

        private final List<X509Certificate> certificates;
        private final Kind kind;
        private final ClientCertificate attributes;

        private Chain(List<X509Certificate> certificates, Kind kind) {
            this.certificates = List.copyOf(certificates);
            this.kind = kind;
            this.attributes = CertificateAttributes.of(certificates.get(0));
        }

        /** Returns the client's certificate, and after it what came along to build its chain. */
        List<X509Certificate> certificates() {
            return certificates;
        }

        boolean isForwarded() {
            return kind != Kind.OF_CONNECTION;
        }

        boolean isVouchedFor() {
            return kind == Kind.VOUCHED_FOR;
        }

        @Override
        public ClientCertificate attributes() {
            return attributes;
        }
    }

    /**
     * Attributes without the certificate.
     *
     * @param attributes what the proxy says
     */
    record Summary(ClientCertificate attributes) implements Evidence {}

    /**
     * A certificate that was seen, and is not believed.
     *
     * @param attributes what was seen, for the audit line
     * @param refusal why it is not believed
     */
    record Refused(ClientCertificate attributes, Refusal refusal) implements Evidence {

        @Override
        public Evidence refused(Refusal further) {
            return this;
        }
    }
}
