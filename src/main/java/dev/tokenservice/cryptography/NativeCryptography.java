package dev.tokenservice.cryptography;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Security;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cryptography in native code, where this machine has it: RS256 in a third of the time and ES256 in a twentieth. It takes a
 * moment to load, during which, and where it cannot be loaded at all, the JDK's own does the work. A process has one of these
 * objects. Thread-safe.
 */
public final class NativeCryptography {

    private static final Logger LOG = LoggerFactory.getLogger(NativeCryptography.class);

    private @Nullable CompletableFuture<Optional<Provider>> loading;

    /**
     * Completes with the provider, once it has been loaded and passed its self tests; with nothing if this machine has none.
     * The first call begins to load it in the background: neither the start-up nor the first token waits for it.
     */
    public synchronized CompletableFuture<Optional<Provider>> loaded() {
        if (loading == null) {
            loading = CompletableFuture.supplyAsync(NativeCryptography::provider);
        }
        return loading;
    }

    /**
     * Has the whole process use it, as TLS and the verification of certificates take the first provider that they find. A
     * handshake with a client certificate takes the server a third of the time, and the signature in a certificate a tenth.
     * What the library lacks, {@link X25519Provider} has.
     */
    public void useEverywhere() {
        Security.insertProviderAt(new X25519Provider(), 1);
        CompletableFuture<Void> unused =
                loaded().thenAccept(provider -> provider.ifPresent(found -> Security.insertProviderAt(found, 1)));
    }

    /**
     * Returns a private key as an object of the provider's own; nothing if the provider does not know such keys, or refuses
     * this one. With a key object of another provider it decodes and checks the key again before each signature, which takes
     * longer than the signature.
     */
    public static Optional<PrivateKey> ownKey(PrivateKey key, Provider provider) {
        try {
            return Optional.of((PrivateKey)
                    KeyFactory.getInstance(key.getAlgorithm(), provider).translateKey(key));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            LOG.warn(
                    "cryptography in Java for an {} key, which {} does not support",
                    key.getAlgorithm(),
                    provider.getName());
            return Optional.empty();
        }
    }

    private static Optional<Provider> provider() {
        try {
            AmazonCorrettoCryptoProvider provider = AmazonCorrettoCryptoProvider.INSTANCE;
            provider.assertHealthy();
            LOG.info("cryptography in native code: {} {}", provider.getName(), provider.getVersionStr());
            return Optional.of(provider);
        } catch (RuntimeException | LinkageError e) {
            LOG.info("cryptography in Java: the native library does not load on this machine ({})", e.toString());
            return Optional.empty();
        }
    }
}
