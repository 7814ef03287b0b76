package dev.tokenservice.x509;

import dev.tokenservice.testing.TestKeys;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CertificatePolicies;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.PolicyInformation;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes chains of two to four certificates, in which one thing or another may not be allowed. */
final class RandomChains {

    private static final List<KeyPair> KEYS =
            Stream.generate(TestKeys::rsaPair).limit(4).toList();
    private static final ASN1ObjectIdentifier UNKNOWN = new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.1");
    private static final List<ASN1ObjectIdentifier> POLICIES = List.of(
            new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.2.1"), new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.2.2"));
    private static final ASN1ObjectIdentifier ANY_POLICY = new ASN1ObjectIdentifier("2.5.29.32.0");

    /** The JDK takes a common name without a blank for a DNS name, and so binds it by constraints on DNS names. */
    private static final List<String> SUBJECTS = List.of(
            "O=Example,CN=A Node",
            "O=EXAMPLE ,CN=A Node",
            "O=Evil,CN=A Node",
            "CN=A Node",
            "O=Example,CN=A Node,E=a@corp.example",
            "O=Example,CN=A Node,E=b@evil.example",
            "O=Example,CN=A Node,E=a@corp.example+E=b@evil.example");

    private static final List<GeneralName> NAMES = List.of(
            new GeneralName(GeneralName.dNSName, "corp.example"),
            new GeneralName(GeneralName.dNSName, "a.corp.example"),
            new GeneralName(GeneralName.dNSName, "evil.example"),
            new GeneralName(GeneralName.dNSName, "*.corp.example"),
            new GeneralName(GeneralName.uniformResourceIdentifier, "spiffe://corp.example/w"),
            new GeneralName(GeneralName.uniformResourceIdentifier, "https://a.corp.example/w"),
            new GeneralName(GeneralName.uniformResourceIdentifier, "spiffe://evil.example/w"),
            new GeneralName(GeneralName.rfc822Name, "a@corp.example"),
            new GeneralName(GeneralName.rfc822Name, "A@corp.example"),
            new GeneralName(GeneralName.rfc822Name, "b@a.corp.example"),
            new GeneralName(GeneralName.iPAddress, "10.1.2.3"),
            new GeneralName(GeneralName.iPAddress, "192.0.2.1"),
            new GeneralName(GeneralName.iPAddress, "2001:db8::1"),
            new GeneralName(GeneralName.directoryName, "O=Example,CN=x"),
            new GeneralName(GeneralName.directoryName, "O=Evil"));

    private static final List<GeneralName> BASES = List.of(
            new GeneralName(GeneralName.dNSName, "corp.example"),
            new GeneralName(GeneralName.dNSName, "a.corp.example"),
            new GeneralName(GeneralName.dNSName, "evil.example"),
            new GeneralName(GeneralName.uniformResourceIdentifier, "corp.example"),
            new GeneralName(GeneralName.uniformResourceIdentifier, ".corp.example"),
            new GeneralName(GeneralName.rfc822Name, "corp.example"),
            new GeneralName(GeneralName.rfc822Name, ".corp.example"),
            new GeneralName(GeneralName.rfc822Name, "a@corp.example"),
            new GeneralName(GeneralName.iPAddress, "10.0.0.0/255.0.0.0"),
            new GeneralName(GeneralName.iPAddress, "2001:db8::/32"),
            new GeneralName(GeneralName.directoryName, "O=Example"),
            new GeneralName(GeneralName.directoryName, "O=Evil"));

    private static final String NAME = "O=Example,CN=Level ";
    private static final int MAX_OF_A_PLACE = 16;

    private enum Theme {
        NAMES,
        POLICIES,
        PURPOSES
    }

    /** Policies have the most ways to be combined. */
    private static final List<Theme> THEMES = List.of(Theme.NAMES, Theme.POLICIES, Theme.POLICIES, Theme.PURPOSES);

    /** Of a certificate in a chain; a client's has no subject here, and any. */
    private record Place(Theme theme, String issuer, String subject, int level) {}

    private final Map<Place, List<X509Certificate>> certificates = new HashMap<>();
    private final Random random;
    private final Instant now;
    private int serial;

    RandomChains(long seed, Instant now) {
        this.random = new Random(seed);
        this.now = now;
    }

    /** Whether a root says nothing of itself but that it is an authority. */
    static boolean isPlain(X509Certificate root) {
        return root.getNonCriticalExtensionOIDs() == null
                && root.getBasicConstraints() == Integer.MAX_VALUE
                && root.getCriticalExtensionOIDs().size() == 1;
    }

    /** From the client's certificate to the root. */
    List<X509Certificate> next() {
        int length = oneIn(2) ? 4 : 2 + random.nextInt(2);
        List<X509Certificate> chain = new ArrayList<>();
        String issuer = NAME + 0;
        Theme theme = one(THEMES);
        for (int level = 0; level < length; level++) {
            boolean leaf = level == length - 1;
            String subject = leaf ? "" : level == 0 || oneIn(8) ? issuer : NAME + level;
            chain.add(certificate(new Place(theme, issuer, subject, level)));
            issuer = subject;
        }
        Collections.reverse(chain);
        return List.copyOf(chain);
    }

    /** One of a number of those that may be in a place, as signatures take time. */
    private X509Certificate certificate(Place place) {
        List<X509Certificate> made = certificates.computeIfAbsent(place, none -> new ArrayList<>());
        if (made.size() < MAX_OF_A_PLACE) {
            made.add(signed(place));
            return made.get(made.size() - 1);
        }
        return one(made);
    }

    private X509Certificate signed(Place place) {
        boolean leaf = place.subject().isEmpty();
        // The validity of a client's own certificate is checked elsewhere, whoever verified it.
        Instant end = !leaf && oneIn(60) ? now.minusSeconds(1) : now.plus(Duration.ofDays(1));
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                new X500Name(place.issuer()),
                BigInteger.valueOf(++serial),
                Date.from(now.minus(Duration.ofDays(1))),
                Date.from(end),
                new X500Name(leaf ? one(SUBJECTS) : place.subject()),
                KEYS.get(leaf ? KEYS.size() - 1 : place.level()).getPublic());
        try {
            for (Extension extension : extensions(leaf, place)) {
                builder.addExtension(extension);
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withRSA")
                            .build(KEYS.get(Math.max(0, place.level() - 1)).getPrivate())));
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<Extension> extensions(boolean leaf, Place place) {
        List<Extension> extensions = new ArrayList<>();
        // The other validators do not look at what a root says of itself.
        boolean plain = place.level() == 0 && !oneIn(20);
        if (plain) {
            add(extensions, Extension.basicConstraints, true, new BasicConstraints(true));
        } else {
            addBasics(extensions, leaf);
        }
        if (!plain && place.theme() != Theme.POLICIES && !oneIn(4)) {
            addPurposes(extensions, leaf, place.theme() == Theme.PURPOSES ? 4 : 40);
        }
        if (!plain && place.theme() == Theme.POLICIES) {
            addPolicies(extensions, leaf);
        }
        if (leaf ? place.theme() == Theme.NAMES : oneIn(10)) {
            add(
                    extensions,
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(some(NAMES).toArray(GeneralName[]::new)));
        }
        if (!plain && !leaf && place.theme() == Theme.NAMES) {
            addNameConstraints(extensions);
        }
        if (!plain && oneIn(20)) {
            add(extensions, UNKNOWN, oneIn(3), DERNull.INSTANCE);
        }
        return extensions;
    }

    private void addBasics(List<Extension> extensions, boolean leaf) {
        boolean authority = leaf == oneIn(50);
        BasicConstraints basic = !authority
                ? new BasicConstraints(false)
                : oneIn(4) ? new BasicConstraints(random.nextInt(3)) : new BasicConstraints(true);
        if (!leaf || oneIn(2)) {
            add(extensions, Extension.basicConstraints, oneIn(2), basic);
        }
    }

    private void addPurposes(List<Extension> extensions, boolean leaf, int right) {
        int usage = leaf ? KeyUsage.digitalSignature : KeyUsage.keyCertSign | KeyUsage.cRLSign;
        add(extensions, Extension.keyUsage, oneIn(2), new KeyUsage(oneIn(right) ? KeyUsage.keyEncipherment : usage));
        if (oneIn(3)) {
            KeyPurposeId purpose = oneIn(3) ? KeyPurposeId.anyExtendedKeyUsage : KeyPurposeId.id_kp_clientAuth;
            // Bouncy Castle does not know it where it is critical.
            add(
                    extensions,
                    Extension.extendedKeyUsage,
                    false,
                    new ExtendedKeyUsage(oneIn(right) ? KeyPurposeId.id_kp_serverAuth : purpose));
        }
    }

    private void addPolicies(List<Extension> extensions, boolean leaf) {
        if (!oneIn(12)) {
            List<ASN1ObjectIdentifier> named = new ArrayList<>(oneIn(3) ? List.of(ANY_POLICY) : some(POLICIES));
            add(
                    extensions,
                    Extension.certificatePolicies,
                    oneIn(2),
                    new CertificatePolicies(
                            named.stream().map(PolicyInformation::new).toArray(PolicyInformation[]::new)));
        }
        if (oneIn(leaf ? 6 : 2)) {
            List<ASN1Encodable> limits = new ArrayList<>();
            limits.add(new DERTaggedObject(false, 0, new ASN1Integer(random.nextInt(2))));
            if (oneIn(2)) {
                limits.add(new DERTaggedObject(false, 1, new ASN1Integer(random.nextInt(2))));
            }
            add(extensions, Extension.policyConstraints, true, new DERSequence(limits.toArray(ASN1Encodable[]::new)));
        }
        if (!leaf && oneIn(2)) {
            ASN1Encodable[] mappings = IntStream.range(0, 1 + random.nextInt(2))
                    .mapToObj(i -> new DERSequence(new ASN1Encodable[] {one(POLICIES), one(POLICIES)}))
                    .toArray(ASN1Encodable[]::new);
            add(extensions, Extension.policyMappings, oneIn(2), new DERSequence(mappings));
        }
        if (!leaf && oneIn(3)) {
            add(extensions, Extension.inhibitAnyPolicy, true, new ASN1Integer(random.nextInt(2)));
        }
    }

    private void addNameConstraints(List<Extension> extensions) {
        boolean permitting = oneIn(2);
        boolean excluding = oneIn(3);
        if (permitting || excluding) {
            add(
                    extensions,
                    Extension.nameConstraints,
                    oneIn(2),
                    new NameConstraints(permitting ? subtrees() : null, excluding ? subtrees() : null));
        }
    }

    private GeneralSubtree[] subtrees() {
        return some(BASES).stream().map(GeneralSubtree::new).toArray(GeneralSubtree[]::new);
    }

    private static void add(
            List<Extension> extensions, ASN1ObjectIdentifier kind, boolean critical, ASN1Encodable value) {
        try {
            extensions.add(new Extension(kind, critical, value.toASN1Primitive().getEncoded()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean oneIn(int number) {
        return random.nextInt(number) == 0;
    }

    private <T> T one(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    /** One, two or three different ones. */
    private <T> List<T> some(List<T> list) {
        return IntStream.range(0, 1 + random.nextInt(3))
                .mapToObj(i -> one(list))
                .distinct()
                .toList();
    }
}
