package dev.tokenservice.authentication;

import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.x509.CertificateVerifier;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** A flow that reads headers, over a plain connection, with what decides whether to believe them. */
public final class HeaderFlow {

    private static final Connection CONNECTION = new Connection(InetAddress.getLoopbackAddress(), false, List.of());

    private final CertificateSource source;
    private final Verification verification;

    private HeaderFlow(CertificateSourceFactory factory, Optional<Supplier<CertificateVerifier>> verifier) {
        this.source = factory.build();
        this.verification = new Verification(verifier, true);
    }

    /** A flow with default names and without a trust bundle. */
    public static HeaderFlow of(CertificateSourceFactory factory) {
        return new HeaderFlow(factory, Optional.empty());
    }

    /** A flow with default names and a trust bundle. */
    public static HeaderFlow verifying(CertificateSourceFactory factory, CertificateVerifier verifier) {
        return new HeaderFlow(factory, Optional.of(() -> verifier));
    }

    /** What is believed of headers that are there once each. */
    public ClientCertificate read(Map<String, String> headers) {
        RequestHeaders lines = new RequestHeaders(headers.entrySet().stream());
        Evidence evidence = source.evidence(new IncomingRequest(lines, CONNECTION));
        return verification.verify("test", evidence).certificate();
    }
}
