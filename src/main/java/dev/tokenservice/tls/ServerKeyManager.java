package dev.tokenservice.tls;

import dev.tokenservice.cryptography.NativeCryptography;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Gives handshakes the server's key: the JDK's object, until native cryptography has been loaded, and from then on the
 * provider's own. Everything else is what the JDK's key manager says.
 */
final class ServerKeyManager extends X509ExtendedKeyManager {

    private final X509ExtendedKeyManager choice;
    private final PrivateKey key;
    private final CompletableFuture<PrivateKey> ownKey;

    static ServerKeyManager of(ServerIdentity identity, NativeCryptography cryptography) {
        char[] password = new char[0];
        try {
            // Nothing is written: a PKCS#12 store would only derive a key from the password, in thousands of rounds.
            KeyStore store = KeyStore.getInstance("JKS");
            store.load(null, password);
            store.setKeyEntry(
                    "server", identity.key(), password, identity.chain().toArray(Certificate[]::new));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, password);
            return new ServerKeyManager(
                    (X509ExtendedKeyManager) keys.getKeyManagers()[0], identity.key(), cryptography);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("key and certificate fit each other", e);
        }
    }

    private ServerKeyManager(X509ExtendedKeyManager choice, PrivateKey key, NativeCryptography cryptography) {
        this.choice = choice;
        this.key = key;
        this.ownKey = cryptography
                .loaded()
                .thenApply(provider -> provider.flatMap(found -> NativeCryptography.ownKey(key, found))
                        .orElse(key));
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return ownKey.getNow(key);
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return choice.getCertificateChain(alias);
    }

    @Override
    public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return choice.getServerAliases(keyType, issuers);
    }

    @Override
    public String chooseServerAlias(String keyType, Principal @Nullable [] issuers, Socket socket) {
        return choice.chooseServerAlias(keyType, issuers, socket);
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
        return choice.chooseEngineServerAlias(keyType, issuers, engine);
    }

    @Override
    public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return choice.getClientAliases(keyType, issuers);
    }

    @Override
    public String chooseClientAlias(String[] keyType, Principal @Nullable [] issuers, Socket socket) {
        return choice.chooseClientAlias(keyType, issuers, socket);
    }
}
