package dev.tokenservice.x509;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;

/** The names of a certificate to which constraints apply. */
final class CertificateNames {

    private CertificateNames() {}

    /**
     * Every name of a certificate: subject, e-mail addresses in it, and alternative names.
     *
     * @throws IllegalArgumentException when they cannot be read
     */
    static List<GeneralName> all(X509Certificate certificate) {
        List<GeneralName> names = new ArrayList<>();
        X500Name subject =
                X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
        if (subject.size() > 0) {
            names.add(new GeneralName(subject));
        }
        for (RDN rdn : subject.getRDNs()) {
            for (AttributeTypeAndValue attribute : rdn.getTypesAndValues()) {
                if (attribute.getType().equals(PKCSObjectIdentifiers.pkcs_9_at_emailAddress)) {
                    names.add(new GeneralName(GeneralName.rfc822Name, attribute.getValue()));
                }
            }
        }
        Extensions.value(certificate, Extension.subjectAlternativeName)
                .map(GeneralNames::getInstance)
                .ifPresent(alternative -> names.addAll(Arrays.asList(alternative.getNames())));
        return names;
    }
}
