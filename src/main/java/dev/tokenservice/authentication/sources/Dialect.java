package dev.tokenservice.authentication.sources;

import dev.tokenservice.authentication.CertificateSource;
import dev.tokenservice.authentication.CertificateSourceFactory;
import dev.tokenservice.authentication.HeaderNames;
import dev.tokenservice.authentication.SourceSettings;
import java.util.Set;
import java.util.function.Function;

/** What the factories of all dialects are. */
abstract class Dialect implements CertificateSourceFactory {

    private final String flow;
    private final Function<HeaderNames, Set<String>> headers;
    private final Function<SourceSettings, CertificateSource> source;

    Dialect(
            String flow,
            Function<HeaderNames, Set<String>> headers,
            Function<SourceSettings, CertificateSource> source) {
        this.flow = flow;
        this.headers = headers;
        this.source = source;
    }

    @Override
    public final String flow() {
        return flow;
    }

    @Override
    public final Set<String> headers(HeaderNames names) {
        return headers.apply(names);
    }

    @Override
    public final CertificateSource build(SourceSettings settings) {
        return source.apply(settings);
    }
}
