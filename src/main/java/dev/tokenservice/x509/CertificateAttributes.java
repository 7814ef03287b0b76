package dev.tokenservice.x509;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tokenservice.identity.Attribute;
import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.identity.DirectoryName;
import dev.tokenservice.identity.MalformedCertificateException;
import dev.tokenservice.identity.Names;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.security.auth.x500.X500Principal;

/** Reads the attributes of a certificate from the certificate itself. */
public final class CertificateAttributes {

    private static final String SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";

    /** The choices of GeneralName, RFC 5280 section 4.2.1.6. */
    private static final Integer EMAIL = 1;

    private static final Integer DNS_NAME = 2;

    private static final Integer URI = 6;

    /** Google's load balancer tells no longer ones, either; RFC 5280 section 4.1.2.2 allows 20. */
    private static final int MAX_SERIAL_BYTES = 50;

    private static final int MAX_REMEMBERED = 1000;

    /** Clients choose their certificates: a thousand that are remembered take ten megabytes at most. */
    private static final int MAX_REMEMBERED_BYTES = 4096;

    /**
     * By the object, which never changes: a client comes again, on the same connection or with another one, and the JDK keeps
     * one object of the same bytes for a while.
     */
    private static final Cache<X509Certificate, ClientCertificate> READ =
            Caffeine.newBuilder().weakKeys().maximumSize(MAX_REMEMBERED).build();

    private CertificateAttributes() {}

    /**
     * Reads a certificate, or remembers what was read.
     *
     * @throws MalformedCertificateException when an attribute is malformed
     */
    public static ClientCertificate of(X509Certificate certificate) {
        ClientCertificate known = READ.getIfPresent(certificate);
        if (known != null) {
            return known;
        }
        ClientCertificate read = read(certificate);
        if (encoded(certificate).length <= MAX_REMEMBERED_BYTES) {
            READ.put(certificate, read);
        }
        return read;
    }

    private static ClientCertificate read(X509Certificate certificate) {
        Collection<List<?>> alternatives = names(certificate);
        Names names = Names.ofAlternatives(texts(alternatives, URI), texts(alternatives, DNS_NAME))
                .with(texts(alternatives, EMAIL), IpAddresses.of(certificate), KeyType.of(certificate.getPublicKey()))
                .with(name(certificate.getSubjectX500Principal()), name(certificate.getIssuerX500Principal()));
        return new ClientCertificate(
                names,
                Optional.of(sha256(certificate)),
                serialNumber(certificate),
                Optional.of(certificate.getNotBefore().toInstant()),
                Optional.of(certificate.getNotAfter().toInstant()),
                twins(certificate));
    }

    /** Reads what tells a certificate from others, for the log: of the attributes that can be malformed what is not. */
    public static ClientCertificate identifying(X509Certificate certificate) {
        Names names = Names.UNKNOWN;
        try {
            names = names.with(name(certificate.getSubjectX500Principal()), name(certificate.getIssuerX500Principal()));
        } catch (MalformedCertificateException e) {
            // Then the fingerprint must do.
        }
        return new ClientCertificate(
                names,
                Optional.of(sha256(certificate)),
                serialNumber(certificate),
                Optional.empty(),
                Optional.of(certificate.getNotAfter().toInstant()),
                Set.of());
    }

    private static Attribute<DirectoryName> name(X500Principal name) {
        return Attribute.of(DirectoryNameReader.of(name));
    }

    private static Attribute<List<String>> texts(Collection<List<?>> names, Integer kind) {
        return Attribute.all(names.stream()
                .filter(name -> kind.equals(name.get(0)))
                .map(name -> String.valueOf(name.get(1)))
                .toList());
    }

    private static Set<String> twins(X509Certificate certificate) {
        return CanonicalForm.twins(certificate).stream()
                .map(CertificateAttributes::sha256)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Names that cannot be parsed are taken for absent by the JDK: that would hide what the certificate says. */
    private static Collection<List<?>> names(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            if (names != null) {
                return names;
            }
        } catch (CertificateParsingException e) {
            throw new MalformedCertificateException(AlternativeNames.problem(certificate));
        }
        if (certificate.getExtensionValue(SUBJECT_ALTERNATIVE_NAME) != null) {
            throw new MalformedCertificateException(AlternativeNames.problem(certificate));
        }
        return List.of();
    }

    /** SHA-256 of the DER certificate as unpadded base64. */
    public static String sha256(X509Certificate certificate) {
        return sha256(encoded(certificate));
    }

    /** Returns the DER certificate. */
    static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a parsed certificate has its bytes", e);
        }
    }

    private static String sha256(byte[] der) {
        return Base64.getEncoder().withoutPadding().encodeToString(digest(der));
    }

    static byte[] digest(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static Optional<String> serialNumber(X509Certificate certificate) {
        byte[] serial = certificate.getSerialNumber().toByteArray();
        return serial.length > MAX_SERIAL_BYTES
                ? Optional.empty()
                : Optional.of(HexFormat.ofDelimiter(":").formatHex(serial));
    }
}
