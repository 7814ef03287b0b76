package dev.tokenservice.x509;

import dev.tokenservice.outbound.WebUrl;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * How the revocation lists of an authority are fetched.
 *
 * @param urls where they are published
 * @param every how often each is fetched
 * @param maxStaleness how long a list counts that was fetched, or found unchanged, and never beyond its next update
 * @param toleratesStale whether a list counts after that, too
 * @param cache the folder that keeps them over a restart
 * @param hosts from which those are fetched that certificates name
 */
public record FetchSettings(
        List<URI> urls,
        Duration every,
        Duration maxStaleness,
        boolean toleratesStale,
        Optional<Path> cache,
        Set<String> hosts) {

    /** Reads a URL that a list can be fetched from. */
    public static Optional<URI> url(String text) {
        return WebUrl.parse(text);
    }

    /** The same with the folder where it is for this process. */
    public FetchSettings at(UnaryOperator<Path> place) {
        return new FetchSettings(urls, every, maxStaleness, toleratesStale, cache.map(place), hosts);
    }
}
