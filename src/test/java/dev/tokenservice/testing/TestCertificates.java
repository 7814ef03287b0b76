package dev.tokenservice.testing;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority that lives as long as the test, and the client certificates that it issues. */
public final class TestCertificates {

    private final X500Name name;
    private final KeyPair keys = keyPair();
    private long lastSerial = 1000;

    private TestCertificates(X500Name name) {
        this.name = name;
    }

    /** A new authority. */
    public static TestCertificates authority(String commonName) {
        return new TestCertificates(new X500Name("CN=" + commonName));
    }

    /** A client certificate that is valid from a minute ago for a day, without any name. */
    public Client client() {
        return new Client();
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

    /** What goes into a client certificate. */
    public final class Client {

        private final List<GeneralName> names = new ArrayList<>();
        private BigInteger serial = BigInteger.valueOf(++lastSerial);
        private Instant notBefore = Instant.now().minus(Duration.ofMinutes(1));
        private Instant notAfter = Instant.now().plus(Duration.ofDays(1));

        public Client uri(String uri) {
            names.add(new GeneralName(GeneralName.uniformResourceIdentifier, uri));
            return this;
        }

        public Client dns(String dnsName) {
            names.add(new GeneralName(GeneralName.dNSName, dnsName));
            return this;
        }

        public Client serial(BigInteger number) {
            serial = number;
            return this;
        }

        public Client validFor(Duration fromNow) {
            notAfter = Instant.now().plus(fromNow);
            return this;
        }

        public Client valid(Instant from, Instant to) {
            notBefore = from;
            notAfter = to;
            return this;
        }

        public X509Certificate issue() {
            try {
                JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                        name,
                        serial,
                        Date.from(notBefore),
                        Date.from(notAfter),
                        new X500Name("CN=client"),
                        keyPair().getPublic());
                if (!names.isEmpty()) {
                    builder.addExtension(
                            Extension.subjectAlternativeName,
                            false,
                            new GeneralNames(names.toArray(GeneralName[]::new)));
                }
                builder.addExtension(
                        Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth));
                return new JcaX509CertificateConverter()
                        .getCertificate(
                                builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
            } catch (CertIOException | OperatorCreationException | GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
