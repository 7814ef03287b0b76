package dev.tokenservice.authentication.sources;

import dev.tokenservice.authentication.CertificateSource;
import dev.tokenservice.authentication.CertificateSourceFactory;
import dev.tokenservice.authentication.Evidence;
import dev.tokenservice.authentication.IncomingRequest;
import java.util.Set;

/** The TLS connection itself, which this service terminates: no proxy and no header has a say. */
public final class TlsSource implements CertificateSource {

    public static final class Factory implements CertificateSourceFactory {
        @Override
        public String flow() {
            return "mtls-client-credentials";
        }

        @Override
        public Set<String> headers() {
            return Set.of();
        }

        @Override
        public Evidence.Kind best() {
            return Evidence.Kind.OF_CONNECTION;
        }

        @Override
        public CertificateSource build() {
            return new TlsSource();
        }
    }

    @Override
    public Evidence evidence(IncomingRequest request) {
        return Evidence.ofConnection(request.connection());
    }
}
