package dev.tokenservice.google;

import dev.tokenservice.tls.JdkLimits;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** TLS for tests: an authority made for one run, the certificates of servers, and clients that trust it. */
public final class TestTls {

    // A service in the same process would come too late: the JDK reads its limits with the first use of TLS.
    static {
        JdkLimits.apply();
    }

    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final Duration LIFETIME = Duration.ofDays(1);

    private final SecureRandom random = new SecureRandom();
    private final Issued authority;

    /** A certificate and its key. */
    public record Issued(PrivateKey key, X509Certificate certificate) {}

    private TestTls(String name) {
        try {
            KeyPair keys = keys();
            X500Principal subject = new X500Principal("CN=" + name);
            JcaX509v3CertificateBuilder builder = builder(subject, subject, keys);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            authority = new Issued(keys.getPrivate(), sign(builder, keys.getPrivate()));
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A new root with this common name. */
    public static TestTls authority(String name) {
        return new TestTls(name);
    }

    /** The root's own certificate. */
    public X509Certificate certificate() {
        return authority.certificate();
    }

    /** A server's certificate for host names and IP addresses. */
    public Issued server(String... hosts) {
        GeneralName[] names = Arrays.stream(hosts)
                .map(host -> new GeneralName(
                        host.matches("[0-9.]+|.*:.*") ? GeneralName.iPAddress : GeneralName.dNSName, host))
                .toArray(GeneralName[]::new);
        return issue("CN=" + hosts[0], KeyPurposeId.id_kp_serverAuth, names);
    }

    /** A client's certificate. */
    public Issued client(String name) {
        return issue("CN=" + name, KeyPurposeId.id_kp_clientAuth, new GeneralName(GeneralName.dNSName, name));
    }

    private Issued issue(String subject, KeyPurposeId purpose, GeneralName... names) {
        try {
            KeyPair keys = keys();
            JcaX509v3CertificateBuilder builder =
                    builder(authority.certificate().getSubjectX500Principal(), new X500Principal(subject), keys);
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
            return new Issued(keys.getPrivate(), sign(builder, authority.key()));
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** For a server that shows this certificate. */
    public SSLContext serverContext(Issued server) {
        try {
            KeyStore store = emptyStore();
            store.setKeyEntry("server", server.key(), PASSWORD, new X509Certificate[] {server.certificate()});
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, random);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** For a client that trusts this authority and no other. */
    public SSLContext clientContext() {
        try {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trustStore());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), random);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** JVM arguments for a process that trusts this authority and no other; the store is written into the folder. */
    public List<String> jvmArguments(Path folder) {
        Path file = folder.resolve("trust.jks");
        try (OutputStream out = Files.newOutputStream(file)) {
            trustStore().store(out, PASSWORD);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
        return List.of(
                "-Djavax.net.ssl.trustStore=" + file,
                "-Djavax.net.ssl.trustStoreType=JKS",
                "-Djavax.net.ssl.trustStorePassword=" + new String(PASSWORD));
    }

    private KeyStore trustStore() throws GeneralSecurityException, IOException {
        KeyStore store = emptyStore();
        store.setCertificateEntry("authority", authority.certificate());
        return store;
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        // A PKCS#12 store would derive a key from the password each time, in thousands of rounds.
        KeyStore store = KeyStore.getInstance("JKS");
        store.load(null, null);
        return store;
    }

    private static KeyPair keys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        return generator.generateKeyPair();
    }

    private JcaX509v3CertificateBuilder builder(X500Principal issuer, X500Principal subject, KeyPair keys) {
        Instant now = Instant.now();
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(64, random).setBit(0),
                Date.from(now.minus(LIFETIME)),
                Date.from(now.plus(LIFETIME)),
                subject,
                keys.getPublic());
    }

    private static X509Certificate sign(JcaX509v3CertificateBuilder builder, PrivateKey key)
            throws GeneralSecurityException, OperatorCreationException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
    }
}
