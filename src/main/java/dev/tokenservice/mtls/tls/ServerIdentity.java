package dev.tokenservice.mtls.tls;

import dev.tokenservice.mtls.files.UnusableFileException;
import dev.tokenservice.mtls.x509.CertificateFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The connector's private key and certificate: two PEM files, or one PKCS#12 file.
 *
 * @param chain the server's own certificate first
 */
record ServerIdentity(PrivateKey key, List<X509Certificate> chain) {

    /**
     * Reads the identity.
     *
     * @param keyFile where the certificate's file is PEM
     * @throws UnusableFileException when there is none, or key and certificate do not belong together
     */
    static ServerIdentity read(Path file, Optional<Path> keyFile, char[] password) {
        byte[] content = CertificateFile.bytes(file);
        ServerIdentity identity = CertificateFile.isPem(content)
                ? ofPem(
                        file,
                        keyFile.orElseThrow(
                                () -> new UnusableFileException(file, "needs its key beside it: set MTLS_PRIVATE_KEY")),
                        password)
                : ofStore(file, CertificateFile.keyStore(file, content, password), password);
        if (!belongs(identity.key(), identity.chain().get(0).getPublicKey())) {
            throw new UnusableFileException(
                    file,
                    "holds a certificate for another key: the server's own comes first in the file, and "
                            + "MTLS_PRIVATE_KEY is its key");
        }
        return identity;
    }

    /** This, unless it is expired: no client would accept it. */
    ServerIdentity current(Path file, Instant now) {
        Instant end = chain.get(0).getNotAfter().toInstant();
        if (end.isBefore(now)) {
            throw new UnusableFileException(file, "holds a certificate that expired at " + end + ": renew it");
        }
        return this;
    }

    private static ServerIdentity ofPem(Path file, Path keyFile, char[] password) {
        List<X509Certificate> chain = CertificateFile.certificates(file, password);
        try {
            return new ServerIdentity(PemKey.parse(CertificateFile.bytes(keyFile), password), chain);
        } catch (InvalidKeyException e) {
            // The parser's message may repeat what it read: it is left out.
            throw new UnusableFileException(
                    keyFile, "holds no private key in PEM, or one that MTLS_PRIVATE_KEY_PASSWORD does not open");
        }
    }

    private static ServerIdentity ofStore(Path file, KeyStore store, char[] password) {
        try {
            for (String alias : Collections.list(store.aliases())) {
                Certificate[] chain = store.getCertificateChain(alias);
                if (chain != null && store.getKey(alias, password) instanceof PrivateKey key) {
                    return new ServerIdentity(
                            key,
                            Arrays.stream(chain)
                                    .map(X509Certificate.class::cast)
                                    .toList());
                }
            }
        } catch (GeneralSecurityException e) {
            throw new UnusableFileException(file, "has a key that MTLS_PRIVATE_KEY_PASSWORD does not open", e);
        }
        throw new UnusableFileException(file, "holds no private key with its certificate");
    }

    private static boolean belongs(PrivateKey key, PublicKey publicKey) {
        String algorithm = switch (key.getAlgorithm()) {
            case "EC", "ECDSA" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> key.getAlgorithm();
        };
        byte[] sample = "sample".getBytes(StandardCharsets.US_ASCII);
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(sample);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(sample);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
