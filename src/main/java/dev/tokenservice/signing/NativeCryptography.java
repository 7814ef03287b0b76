package dev.tokenservice.signing;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.Provider;
import java.security.Security;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cryptography in native code, where this machine has it: RS256 in a third of the time and ES256 in a twentieth. It takes a
 * moment to load, during which, and where it cannot be loaded at all, the JDK's own does the work.
 */
public final class NativeCryptography {

    private static final Logger LOG = LoggerFactory.getLogger(NativeCryptography.class);

    private final CompletableFuture<Optional<Provider>> loading;

    private NativeCryptography(CompletableFuture<Optional<Provider>> loading) {
        this.loading = loading;
    }

    /** Loads in the background: a start, and the first token, need not wait for it. */
    static NativeCryptography load() {
        return new NativeCryptography(CompletableFuture.supplyAsync(NativeCryptography::provider));
    }

    /**
     * Has TLS handshakes use it, too: one with a client certificate takes the server a third of the time, so that many of them
     * leave it time for tokens. It counts for the whole process, as the JDK's TLS takes the first provider that it finds.
     */
    public static void useForTls() {
        CompletableFuture<Void> unused =
                load().loading.thenAccept(provider -> provider.ifPresent(found -> Security.insertProviderAt(found, 1)));
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
            LOG.info("cryptography in native code: {} {}", provider.getName(), provider.getVersionStr());
            return Optional.of(provider);
        } catch (RuntimeException | LinkageError e) {
            LOG.info("cryptography in Java: this machine has none in native code ({})", e.toString());
            return Optional.empty();
        }
    }
}
