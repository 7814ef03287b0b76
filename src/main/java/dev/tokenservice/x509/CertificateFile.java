package dev.tokenservice.x509;

import dev.tokenservice.files.RegularFile;
import dev.tokenservice.files.UnusableFileException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.ASN1InputStream;

/**
 * Reads files with certificates and revocation lists: PEM (RFC 7468), PKCS#12 (RFC 7292) for certificates, and DER for
 * revocation lists. Each PEM block is one object, to its last byte.
 */
public final class CertificateFile {

    private static final int MAX_MEBIBYTES = 64;

    /** RFC 7468 section 5.1 has the older ones. */
    private static final List<String> CERTIFICATE = List.of("CERTIFICATE", "X509 CERTIFICATE", "X.509 CERTIFICATE");

    private static final List<String> CRL = List.of("X509 CRL", "CRL");

    private CertificateFile() {}

    /** The content of a file of a reasonable size. */
    public static byte[] bytes(Path file) {
        return RegularFile.bytes(file, MAX_MEBIBYTES);
    }

    /** Every certificate in a file that holds nothing else, at least one. */
    public static List<X509Certificate> certificates(Path file, char[] password) {
        byte[] content = bytes(file);
        List<X509Certificate> certificates = PemFile.isBinary(content)
                ? Pkcs12File.read(file, content, password).certificatesOnly()
                : pemCertificates(file, content);
        if (certificates.isEmpty()) {
            throw new UnusableFileException(file, "holds no certificate in PEM, and is not a PKCS#12 file");
        }
        return certificates;
    }

    private static List<X509Certificate> pemCertificates(Path file, byte[] content) {
        List<X509Certificate> certificates = new ArrayList<>();
        for (PemBlock block : PemFile.read(file, content)) {
            block.expect(CERTIFICATE);
            try {
                certificates.add(certificate(block.content()));
            } catch (CertificateException e) {
                throw block.refused("is not one certificate: write it again");
            }
        }
        return certificates;
    }

    static X509Certificate certificate(byte[] der) throws CertificateException {
        X509Certificate certificate = (X509Certificate) factory().generateCertificate(new ByteArrayInputStream(der));
        if (!Arrays.equals(certificate.getEncoded(), der)) {
            throw new CertificateException("bytes follow the certificate");
        }
        return certificate;
    }

    /** Every revocation list in a file that holds nothing else, at least one. */
    static List<X509CRL> revocationLists(Path file) {
        return revocationLists(file, bytes(file));
    }

    /**
     * The same with content that is there already.
     *
     * @param file for messages
     */
    static List<X509CRL> revocationLists(Path file, byte[] content) {
        List<X509CRL> lists = PemFile.isBinary(content) ? derLists(file, content) : pemLists(file, content);
        if (lists.isEmpty()) {
            throw new UnusableFileException(file, "holds no certificate revocation list in PEM or DER");
        }
        return List.copyOf(lists);
    }

    private static List<X509CRL> pemLists(Path file, byte[] content) {
        List<X509CRL> lists = new ArrayList<>();
        for (PemBlock block : PemFile.read(file, content)) {
            block.expect(CRL);
            try {
                lists.add(list(block.content()));
            } catch (CRLException e) {
                throw block.refused("is not one certificate revocation list: get it again");
            }
        }
        return lists;
    }

    /** One list, or several, one after the other. */
    private static List<X509CRL> derLists(Path file, byte[] content) {
        List<X509CRL> lists = new ArrayList<>();
        ByteArrayInputStream bytes = new ByteArrayInputStream(content);
        // Parses lazily. Callers only ask for the bounds of each list, and the objects of a long list need ten times
        // the
        // memory of its bytes.
        try (ASN1InputStream objects = new ASN1InputStream(bytes, content.length, true)) {
            for (int from = 0; from < content.length; from = content.length - bytes.available()) {
                objects.readObject();
                lists.add(list(Arrays.copyOfRange(content, from, content.length - bytes.available())));
            }
            return lists;
        } catch (IOException | CRLException | RuntimeException e) {
            throw new UnusableFileException(
                    file, "holds something that is not a certificate revocation list: get it again", e);
        }
    }

    private static X509CRL list(byte[] der) throws CRLException {
        X509CRL list = (X509CRL) factory().generateCRL(new ByteArrayInputStream(der));
        if (!Arrays.equals(list.getEncoded(), der)) {
            throw new CRLException("bytes follow the list");
        }
        return list;
    }

    /** Reads certificates and revocation lists of one object each. */
    public static CertificateFactory factory() {
        try {
            return CertificateFactory.getInstance("X.509");
        } catch (CertificateException e) {
            throw new IllegalStateException("every JDK has X.509", e);
        }
    }
}
