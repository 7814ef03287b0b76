package dev.tokenservice.signing;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.Provider;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signatures in native code, where this machine has them: RS256 in a third of the time and ES256 in a twentieth. They take a
 * moment to load, during which, and where they cannot be loaded at all, the JDK's own sign.
 */
final class NativeCryptography {

    private static final Logger LOG = LoggerFactory.getLogger(NativeCryptography.class);

    private final CompletableFuture<Optional<Provider>> loading;

    private NativeCryptography(CompletableFuture<Optional<Provider>> loading) {
        this.loading = loading;
    }

    /** Loads in the background: a start, and the first token, need not wait for it. */
    static NativeCryptography load() {
        return new NativeCryptography(CompletableFuture.supplyAsync(NativeCryptography::provider));
    }

    /** The provider, as soon as it has been loaded and passed its self tests. */
    Optional<Provider> whenLoaded() {
        return loading.getNow(Optional.empty());
    }

    /** The provider, once that is decided; empty where this machine has none. */
    CompletableFuture<Optional<Provider>> loaded() {
        return loading;
    }

    private static Optional<Provider> provider() {
        try {
            AmazonCorrettoCryptoProvider provider = AmazonCorrettoCryptoProvider.INSTANCE;
            provider.assertHealthy();
            LOG.info("signing in native code: {} {}", provider.getName(), provider.getVersionStr());
            return Optional.of(provider);
        } catch (RuntimeException | LinkageError e) {
            LOG.info("signing in Java: this machine has no native signatures ({})", e.toString());
            return Optional.empty();
        }
    }
}
