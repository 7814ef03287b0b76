package dev.tokenservice.authentication;

import dev.tokenservice.identity.ClientCertificate;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A dialect that reads headers over a plain connection. */
public final class TestDialect {

    private static final Connection CONNECTION = new Connection(InetAddress.getLoopbackAddress(), false, List.of());

    private TestDialect() {}

    /** Its source, with default names and without a trust bundle. */
    public static CertificateSource source(CertificateSourceFactory factory) {
        return factory.build(new SourceSettings(new HeaderNames(), Optional.empty()));
    }

    /** What a source makes of headers that are there once each. */
    public static ClientCertificate read(CertificateSource source, Map<String, String> headers) {
        Map<String, List<String>> lines = new HashMap<>();
        headers.forEach((name, value) -> lines.put(name, List.of(value)));
        return source.certificate(new IncomingRequest(new RequestHeaders(lines), CONNECTION));
    }
}
