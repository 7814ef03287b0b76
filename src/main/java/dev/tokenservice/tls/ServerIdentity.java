package dev.tokenservice.tls;

import dev.tokenservice.files.UnusableFileException;
import dev.tokenservice.x509.CertificateFile;
import dev.tokenservice.x509.PemFile;
import dev.tokenservice.x509.PemKeyReader;
import dev.tokenservice.x509.Pkcs12File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
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
        ServerIdentity identity = PemFile.isBinary(content)
                ? ofStore(Pkcs12File.read(file, content, password))
                : ofPem(
                        file,
                        keyFile.orElseThrow(
                                () -> new UnusableFileException(file, "needs its private key: set MTLS_PRIVATE_KEY")),
                        password);
        return identity.fitting(file, "MTLS_PRIVATE_KEY");
    }

    /**
     * Reads the identity from two PEM files, of which the key is not encrypted.
     *
     * @param keySetting what names the key's file
     * @throws UnusableFileException when there is none, or key and certificate do not belong together
     */
    static ServerIdentity readPem(Path file, Path keyFile, String keySetting) {
        List<X509Certificate> chain = CertificateFile.certificates(file, new char[0]);
        return new ServerIdentity(key(keyFile, PemKeyReader.withoutPassword()), chain).fitting(file, keySetting);
    }

    private ServerIdentity fitting(Path file, String keySetting) {
        if (!belongs(key, chain.get(0).getPublicKey())) {
            throw new UnusableFileException(
                    file,
                    "holds a certificate for another key: put the certificate of the server first in the file, and "
                            + "set " + keySetting + " to its key");
        }
        return this;
    }

    /**
     * Reads the key alone, where {@link #read} would: not beside a PKCS#12 file, which holds it.
     *
     * @throws UnusableFileException when the key cannot be used, whatever the certificate is like
     */
    static void checkKey(Path file, Path keyFile, char[] password) {
        if (!Files.isRegularFile(file) || !PemFile.isBinary(CertificateFile.bytes(file))) {
            key(keyFile, withPassword(password));
        }
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
        return new ServerIdentity(key(keyFile, withPassword(password)), chain);
    }

    private static PemKeyReader withPassword(char[] password) {
        return PemKeyReader.withPassword("MTLS_PRIVATE_KEY_PASSWORD", password);
    }

    private static PrivateKey key(Path keyFile, PemKeyReader reader) {
        return reader.read(keyFile, CertificateFile.bytes(keyFile))
                .orElseThrow(() -> new UnusableFileException(
                        keyFile, "holds no private key in PEM: write it with 'openssl pkcs8 -topk8'"));
    }

    private static ServerIdentity ofStore(Pkcs12File store) {
        if (store.keys().size() != 1) {
            throw new UnusableFileException(
                    store.file(), "holds " + store.keys().size() + " private keys: leave the one of the certificate");
        }
        PrivateKey key = store.keys().get(0);
        X509Certificate own = store.certificates().stream()
                .filter(certificate -> belongs(key, certificate.getPublicKey()))
                .findFirst()
                .orElseThrow(() -> new UnusableFileException(
                        store.file(), "holds no certificate of its private key: add the server's own"));
        List<X509Certificate> chain = new ArrayList<>(List.of(own));
        for (Optional<X509Certificate> next = issuer(store, own);
                next.isPresent() && !chain.contains(next.get());
                next = issuer(store, next.get())) {
            chain.add(next.get());
        }
        return new ServerIdentity(key, List.copyOf(chain));
    }

    private static Optional<X509Certificate> issuer(Pkcs12File store, X509Certificate certificate) {
        return store.certificates().stream()
                .filter(other -> other.getSubjectX500Principal().equals(certificate.getIssuerX500Principal()))
                .findFirst();
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
