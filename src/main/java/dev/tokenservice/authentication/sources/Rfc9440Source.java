package dev.tokenservice.authentication.sources;

import dev.tokenservice.authentication.CertificateSource;
import dev.tokenservice.authentication.Evidence;
import dev.tokenservice.authentication.IncomingRequest;
import dev.tokenservice.authentication.UnsoundEvidence;
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

    public static final class Factory extends FixedHeadersFactory {
        public Factory() {
            super("rfc9440-mtls-client-credentials", Set.of(LEAF, CHAIN), Rfc9440Source::new);
        }
    }

    @Override
    public Evidence evidence(IncomingRequest request) {
        List<X509Certificate> chain = new ArrayList<>();
        chain.add(request.headers()
                .parsed(LEAF, EncodedCertificates::ofByteSequence)
                .orElseThrow(() -> UnsoundEvidence.missing(LEAF)));
        request.headers().parsed(CHAIN, EncodedCertificates::ofByteSequences).ifPresent(chain::addAll);
        return Evidence.vouchedFor(chain);
    }
}
