package dev.tokenservice.authentication.sources;

import dev.tokenservice.authentication.CertificateSource;
import dev.tokenservice.authentication.IncomingRequest;
import dev.tokenservice.authentication.PassedCertificate;
import dev.tokenservice.authentication.SourceSettings;
import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.x509.EncodedCertificates;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Any proxy that follows RFC 9440. It sends the headers for certificates only that it has verified (section 2.4).
 *
 * <pre>
 * Client-Cert       = byte sequence, once
 * Client-Cert-Chain = byte sequence *( "," byte sequence ), without the client's own certificate
 * </pre>
 */
public final class Rfc9440Source implements CertificateSource {

    private static final String LEAF = "Client-Cert";
    private static final String CHAIN = "Client-Cert-Chain";

    private final PassedCertificate certificates;

    private Rfc9440Source(SourceSettings settings) {
        this.certificates = new PassedCertificate(settings);
    }

    /** Registers the flow. */
    public static final class Factory extends Dialect {
        public Factory() {
            super("rfc9440-mtls-client-credentials", names -> Set.of(LEAF, CHAIN), Rfc9440Source::new);
        }
    }

    @Override
    public ClientCertificate certificate(IncomingRequest request) {
        String leaf = request.headers().single(LEAF).orElseThrow(() -> PassedCertificate.missing(LEAF));
        List<X509Certificate> chain = new ArrayList<>();
        chain.add(PassedCertificate.parse(LEAF, leaf, EncodedCertificates::ofByteSequence));
        request.headers()
                .single(CHAIN)
                .map(value -> PassedCertificate.parse(CHAIN, value, EncodedCertificates::ofByteSequences))
                .ifPresent(chain::addAll);
        return certificates.attributes(chain);
    }
}
