package dev.tokenservice.signing.pkcs11;

import dev.tokenservice.files.UnusableFileException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.InvalidParameterException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Security;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A PKCS#11 token in this process, through the provider of the JDK. Every call can hang. Thread-safe. */
final class OpenToken {

    private static final String PROVIDER = "SunPKCS11";

    private final Provider provider;
    private final Map<String, PrivateKey> keys = new ConcurrentHashMap<>();

    private OpenToken(Provider provider) {
        this.provider = provider;
    }

    /** Opens the token of the URI, and logs in with its PIN. */
    static OpenToken open(Pkcs11Uri uri) throws TokenException {
        Provider unconfigured = Security.getProvider(PROVIDER);
        if (unconfigured == null) {
            throw new TokenException(
                    "this Java has no provider for PKCS#11: its module jdk.crypto.cryptoki is missing");
        }
        String library = uri.module().toString();
        long slot = uri.slot().isPresent()
                ? uri.slot().get()
                : SlotOfLabel.find(library, uri.token().orElseThrow());
        char[] pin = pin(uri);
        try {
            OpenToken token = new OpenToken(unconfigured.configure(
                    "--name = token-service\nlibrary = \"" + library + "\"\nslot = " + slot + "\n"));
            token.load(pin);
            return token;
        } catch (InvalidParameterException | ProviderException e) {
            throw TokenException.of(e);
        } finally {
            Arrays.fill(pin, ' ');
        }
    }

    private static char[] pin(Pkcs11Uri uri) throws TokenException {
        try {
            return uri.pin().toCharArray();
        } catch (UnusableFileException e) {
            throw TokenException.of(e);
        }
    }

    /** Returns the private keys with a certificate that has the same CKA_ID, sorted by label. */
    List<TokenKey> keys() throws TokenException {
        KeyStore store = load(null);
        List<TokenKey> found = new ArrayList<>();
        try {
            for (String alias : Collections.list(store.aliases())) {
                Key key = store.getKey(alias, null);
                if (key instanceof PrivateKey own
                        && store.getCertificate(alias) instanceof X509Certificate certificate) {
                    keys.put(alias, own);
                    found.add(described(alias, own, certificate));
                }
            }
        } catch (GeneralSecurityException | ProviderException e) {
            throw TokenException.of(e);
        }
        found.sort((one, other) -> one.label().compareTo(other.label()));
        return found;
    }

    /** Reads the attributes from the text of the key, because the provider shows them nowhere else. */
    private static TokenKey described(String label, PrivateKey key, X509Certificate certificate) {
        String text = key.toString();
        return new TokenKey(label, certificate, !text.contains("unextractable"), !text.contains("not sensitive"));
    }

    private KeyStore load(char @Nullable [] pin) throws TokenException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS11", provider);
            store.load(null, pin);
            return store;
        } catch (IOException | GeneralSecurityException | ProviderException e) {
            throw TokenException.of(e);
        }
    }

    byte[] sign(String algorithm, String label, byte[] data) throws TokenException {
        PrivateKey key = keys.get(label);
        if (key == null) {
            throw new TokenException("the key is not in the token any more");
        }
        try {
            Signature signature = Signature.getInstance(algorithm, provider);
            signature.initSign(key);
            signature.update(data);
            return signature.sign();
        } catch (GeneralSecurityException | ProviderException e) {
            throw TokenException.of(e);
        }
    }
}
