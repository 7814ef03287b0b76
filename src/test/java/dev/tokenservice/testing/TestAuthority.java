package dev.tokenservice.testing;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CRLConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v1CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority with everything that TLS needs: keys, intermediates, purposes, and revocation lists. */
public final class TestAuthority {

    private static final AtomicLong SERIAL = new AtomicLong(0xF000);
    private static final int NO_LIMIT = -1;
    private static final String SHA256 = "SHA256";

    private final X500Name name;
    private final KeyPair keys;
    private final X509Certificate certificate;

    /** A certificate, with what proves that one has it. */
    public record Identity(PrivateKey key, List<X509Certificate> chain) {

        public X509Certificate certificate() {
            return chain.get(0);
        }

        /** The same with more to send along. */
        public Identity with(X509Certificate... more) {
            List<X509Certificate> longer = new ArrayList<>(chain);
            longer.addAll(List.of(more));
            return new Identity(key, longer);
        }
    }

    private TestAuthority(String commonName, KeyPair keys, UnaryOperator<Builder> content) {
        this.name = new X500Name("CN=" + commonName);
        this.keys = keys;
        this.certificate = content.apply(new Builder(this, name, keys).authority(NO_LIMIT))
                .issue()
                .certificate();
    }

    private TestAuthority(String commonName, TestAuthority parent, UnaryOperator<Builder> content) {
        this.name = new X500Name("CN=" + commonName);
        this.keys = keyPair();
        this.certificate = content.apply(new Builder(parent, name, keys).authority(NO_LIMIT))
                .issue()
                .certificate();
    }

    private TestAuthority(TestAuthority same, TestAuthority parent, UnaryOperator<Builder> content) {
        this.name = same.name;
        this.keys = same.keys;
        this.certificate = content.apply(new Builder(parent, name, keys).authority(NO_LIMIT))
                .issue()
                .certificate();
    }

    /** A root. */
    public static TestAuthority root(String commonName) {
        return root(commonName, content -> content);
    }

    /** A root with a certificate of a certain content. */
    public static TestAuthority root(String commonName, UnaryOperator<Builder> content) {
        return new TestAuthority(commonName, keyPair(), content);
    }

    /** A root that signs with RSA, with a key of so many bits. */
    public static TestAuthority rsaRoot(String commonName, int bits) {
        return new TestAuthority(commonName, rsaKeyPair(bits), content -> content);
    }

    /** An authority below this one; a negative path length is no limit. */
    public TestAuthority intermediate(String commonName, int pathLength, KeyPurposeId... purposes) {
        return intermediate(commonName, content -> content.authority(pathLength).purposes(purposes));
    }

    /** An authority below this one with a certificate of a certain content. */
    public TestAuthority intermediate(String commonName, UnaryOperator<Builder> content) {
        return new TestAuthority(commonName, this, content);
    }

    public X509Certificate certificate() {
        return certificate;
    }

    /** The same authority, name and key, with another certificate of its own. */
    public TestAuthority renewed(UnaryOperator<Builder> content) {
        return new TestAuthority(this, this, content);
    }

    /** The same authority, name and key, with a certificate of another authority. */
    public TestAuthority crossSignedBy(TestAuthority other) {
        return crossSignedBy(other, content -> content);
    }

    /** The same with a certain content. */
    public TestAuthority crossSignedBy(TestAuthority other, UnaryOperator<Builder> content) {
        return new TestAuthority(this, other, content);
    }

    /** A certificate that is valid from a minute ago for a day. */
    public Builder leaf(String commonName) {
        return leaf(new X500Name("CN=" + commonName));
    }

    /** The same with another kind of subject. */
    public Builder leaf(X500Name subject) {
        return new Builder(this, subject, keyPair());
    }

    /** A client with a SPIFFE ID, fit for its purpose. */
    public Identity client(String uri) {
        return leaf("client").uri(uri).purposes(KeyPurposeId.id_kp_clientAuth).issue();
    }

    /** A server on this machine. */
    public Identity server() {
        return leaf("server")
                .dns("localhost")
                .purposes(KeyPurposeId.id_kp_serverAuth)
                .issue();
    }

    /** A revocation list. */
    public X509CRL revoke(Duration validFor, X509Certificate... revoked) {
        return revoke(validFor, list -> {}, revoked);
    }

    /** A revocation list with more in it. */
    public X509CRL revoke(Duration validFor, Consumer<X509v2CRLBuilder> content, X509Certificate... revoked) {
        Instant now = Instant.now();
        X509v2CRLBuilder builder = new X509v2CRLBuilder(name, Date.from(now.minusSeconds(120)));
        builder.setNextUpdate(Date.from(now.plus(validFor)));
        for (X509Certificate one : revoked) {
            builder.addCRLEntry(one.getSerialNumber(), Date.from(now.minusSeconds(60)), 0);
        }
        content.accept(builder);
        try {
            return new JcaX509CRLConverter().getCRL(builder.build(signer(keys.getPrivate(), SHA256)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Certificates, keys and lists as one PEM text. */
    public static String pem(Object... objects) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            for (Object object : objects) {
                writer.writeObject(object instanceof PrivateKey key ? new JcaPKCS8Generator(key, null) : object);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** The same in a file, which appears there at once. */
    public static Path write(Path file, Object... objects) {
        try {
            Path draft = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), pem(objects));
            if (Stream.of(objects).anyMatch(PrivateKey.class::isInstance)) {
                Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rw-------"));
            }
            return Files.move(
                    draft,
                    file,
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING,
                    java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Writes what a TLS port needs, with certificates of this authority on both sides.
     *
     * @return the variables of the flow that needs no proxy, with a free port
     */
    public Map<String, String> tlsVariables(Path folder) {
        Identity server = server();
        return Map.of(
                "AUTH_FLOWS", "mtls-client-credentials",
                "MTLS_PORT", "0",
                "MTLS_CERTIFICATE",
                        write(folder.resolve("tls.crt"), server.certificate()).toString(),
                "MTLS_PRIVATE_KEY",
                        write(folder.resolve("tls.key"), server.key()).toString(),
                "MTLS_TRUST_BUNDLE",
                        write(folder.resolve("clients.crt"), certificate).toString());
    }

    private static KeyPair keyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair rsaKeyPair(int bits) {
        if (bits == 2048) {
            return TestKeys.rsaPair();
        }
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ContentSigner signer(PrivateKey key, String digest) {
        String algorithm = key.getAlgorithm().equals("EC") ? "ECDSA" : key.getAlgorithm();
        try {
            return new JcaContentSignerBuilder(digest + "with" + algorithm).build(key);
        } catch (OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What goes into a certificate. */
    public static final class Builder {

        private final TestAuthority issuer;
        private X500Name subject;
        private final List<GeneralName> names = new ArrayList<>();
        private final List<Extension> extensions = new ArrayList<>();
        private KeyPair subjectKeys;
        private BigInteger serial = BigInteger.valueOf(SERIAL.incrementAndGet());
        private String digest = SHA256;
        private boolean version1;
        private KeyPurposeId[] purposes = new KeyPurposeId[0];
        private BasicConstraints constraints = new BasicConstraints(false);
        private Instant notBefore = Instant.now().minusSeconds(60);
        private Instant notAfter = Instant.now().plus(Duration.ofDays(1));

        private Builder(TestAuthority issuer, X500Name subject, KeyPair subjectKeys) {
            this.issuer = issuer;
            this.subject = subject;
            this.subjectKeys = subjectKeys;
        }

        /** Marks an authority; a negative path length is no limit. */
        public Builder authority(int pathLength) {
            constraints = pathLength < 0 ? new BasicConstraints(true) : new BasicConstraints(pathLength);
            return this;
        }

        /** Marks no authority. */
        public Builder ordinary() {
            constraints = new BasicConstraints(false);
            return this;
        }

        /** With names of any kind. */
        public Builder name(GeneralName name) {
            names.add(name);
            return this;
        }

        public Builder uri(String uri) {
            names.add(new GeneralName(GeneralName.uniformResourceIdentifier, uri));
            return this;
        }

        public Builder dns(String dnsName) {
            names.add(new GeneralName(GeneralName.dNSName, dnsName));
            return this;
        }

        /** With an empty subject. */
        public Builder nameless() {
            return subject(new X500Name(new RDN[0]));
        }

        /** With another subject. */
        public Builder subject(X500Name other) {
            subject = other;
            return this;
        }

        public Builder purposes(KeyPurposeId... allowed) {
            purposes = allowed;
            return this;
        }

        public Builder valid(Instant from, Instant to) {
            notBefore = from;
            notAfter = to;
            return this;
        }

        public Builder serial(BigInteger number) {
            serial = number;
            return this;
        }

        /** Of version 1, in which there is no extension. */
        public Builder version1() {
            version1 = true;
            return this;
        }

        /** With an RSA key of so many bits. */
        public Builder rsa(int bits) {
            subjectKeys = rsaKeyPair(bits);
            return this;
        }

        /** Signed over another digest than SHA256. */
        public Builder signedOver(String otherDigest) {
            digest = otherDigest;
            return this;
        }

        /** With an extension, be it well-formed or not. */
        public Builder extension(ASN1ObjectIdentifier kind, boolean critical, byte... value) {
            extensions.add(new Extension(kind, critical, value));
            return this;
        }

        /** With a well-formed extension. */
        public Builder extension(ASN1ObjectIdentifier kind, boolean critical, ASN1Encodable value) {
            try {
                return extension(kind, critical, value.toASN1Primitive().getEncoded());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        public Identity issue() {
            return new Identity(subjectKeys.getPrivate(), List.of(signedBy(issuer.keys.getPrivate())));
        }

        /** Signed with its own key, under the issuer's name. */
        public Identity selfSigned() {
            return new Identity(subjectKeys.getPrivate(), List.of(signedBy(subjectKeys.getPrivate())));
        }

        private X509Certificate signedByOfVersion1(PrivateKey key) throws GeneralSecurityException {
            return new JcaX509CertificateConverter()
                    .getCertificate(new JcaX509v1CertificateBuilder(
                                    issuer.name,
                                    serial,
                                    Date.from(notBefore),
                                    Date.from(notAfter),
                                    subject,
                                    subjectKeys.getPublic())
                            .build(signer(key, digest)));
        }

        private X509Certificate signedBy(PrivateKey key) {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    issuer.name, serial, Date.from(notBefore), Date.from(notAfter), subject, subjectKeys.getPublic());
            try {
                if (version1) {
                    return signedByOfVersion1(key);
                }
                builder.addExtension(Extension.basicConstraints, true, constraints);
                if (!names.isEmpty()) {
                    builder.addExtension(
                            Extension.subjectAlternativeName,
                            false,
                            new GeneralNames(names.toArray(GeneralName[]::new)));
                }
                if (purposes.length > 0) {
                    builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
                }
                for (Extension extension : extensions) {
                    builder.addExtension(extension);
                }
                X509CertificateHolder certificate = builder.build(signer(key, digest));
                // The JDK reads no certificate without a name.
                return subject.getRDNs().length == 0
                        ? new JcaX509CertificateConverter()
                                .setProvider(new BouncyCastleProvider())
                                .getCertificate(certificate)
                        : new JcaX509CertificateConverter().getCertificate(certificate);
            } catch (CertIOException | GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
