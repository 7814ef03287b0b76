package dev.tokenservice.mtls.x509;

import dev.tokenservice.mtls.files.RegularFile;
import dev.tokenservice.mtls.files.UnusableFileException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/** Reads files with certificates and revocation lists: PEM (RFC 7468), DER, and PKCS#12 (RFC 7292) for certificates. */
public final class CertificateFile {

    private static final int MAX_MEBIBYTES = 64;
    private static final String PEM = "-----BEGIN ";

    private CertificateFile() {}

    /** The content of a file of a reasonable size. */
    public static byte[] bytes(Path file) {
        return RegularFile.bytes(file, MAX_MEBIBYTES);
    }

    /** Whether a file's content is PEM, as opposed to binary. */
    public static boolean isPem(byte[] content) {
        return new String(content, StandardCharsets.ISO_8859_1).contains(PEM);
    }

    /** Every certificate in a file, at least one. */
    public static List<X509Certificate> certificates(Path file, char[] password) {
        byte[] content = bytes(file);
        List<X509Certificate> certificates =
                isPem(content) ? pemCertificates(file, content) : storedCertificates(file, content, password);
        if (certificates.isEmpty()) {
            throw new UnusableFileException(file, "holds no certificate");
        }
        return certificates;
    }

    private static List<X509Certificate> pemCertificates(Path file, byte[] content) {
        try {
            return factory().generateCertificates(new ByteArrayInputStream(content)).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (CertificateException e) {
            throw new UnusableFileException(file, "holds something that is no certificate in PEM", e);
        }
    }

    private static List<X509Certificate> storedCertificates(Path file, byte[] content, char[] password) {
        List<X509Certificate> certificates = new ArrayList<>();
        KeyStore store = keyStore(file, content, password);
        try {
            for (String alias : Collections.list(store.aliases())) {
                if (store.getCertificate(alias) instanceof X509Certificate certificate) {
                    certificates.add(certificate);
                }
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the key store is loaded", e);
        }
        return certificates;
    }

    /** The key store in a PKCS#12 file. */
    public static KeyStore keyStore(Path file, byte[] content, char[] password) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(content), password);
            return store;
        } catch (IOException | GeneralSecurityException e) {
            throw new UnusableFileException(
                    file, "is neither PEM nor a PKCS#12 file that opens with MTLS_PRIVATE_KEY_PASSWORD", e);
        }
    }

    /** Every revocation list in a file, at least one. */
    static List<X509CRL> revocationLists(Path file) {
        try {
            Collection<X509CRL> lists = factory().generateCRLs(new ByteArrayInputStream(bytes(file))).stream()
                    .map(X509CRL.class::cast)
                    .toList();
            if (lists.isEmpty()) {
                throw new UnusableFileException(file, "holds no certificate revocation list");
            }
            return List.copyOf(lists);
        } catch (CRLException e) {
            throw new UnusableFileException(file, "holds no certificate revocation list in PEM or DER", e);
        }
    }

    static CertificateFactory factory() {
        try {
            return CertificateFactory.getInstance("X.509");
        } catch (CertificateException e) {
            throw new IllegalStateException("every JDK has X.509", e);
        }
    }
}
