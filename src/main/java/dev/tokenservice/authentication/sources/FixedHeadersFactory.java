package dev.tokenservice.authentication.sources;

import dev.tokenservice.authentication.CertificateSource;
import dev.tokenservice.authentication.CertificateSourceFactory;
import java.util.Set;
import java.util.function.Supplier;

/** Base of the factories of flows with fixed header names. */
abstract class FixedHeadersFactory implements CertificateSourceFactory {

    private final String flow;
    private final Set<String> headers;
    private final Supplier<CertificateSource> source;

    FixedHeadersFactory(String flow, Set<String> headers, Supplier<CertificateSource> source) {
        this.flow = flow;
        this.headers = headers;
        this.source = source;
    }

    @Override
    public final String flow() {
        return flow;
    }

    @Override
    public final Set<String> headers() {
        return headers;
    }

    @Override
    public final CertificateSource build() {
        return source.get();
    }
}
