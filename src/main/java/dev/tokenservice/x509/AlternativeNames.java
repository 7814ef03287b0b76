package dev.tokenservice.x509;

import dev.tokenservice.oauth.Quoted;
import java.io.IOException;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;

/** Subject alternative names, RFC 5280 section 4.2.1.6, in messages. */
final class AlternativeNames {

    /** By the tag of GeneralName. */
    private static final List<String> KINDS = List.of(
            "other name",
            "e-mail address",
            "DNS name",
            "X.400 address",
            "directory name",
            "EDI party name",
            "URI",
            "IP address",
            "registered ID");

    private AlternativeNames() {}

    /** What is wrong with names that the JDK does not read. */
    static String problem(X509Certificate certificate) {
        try {
            return Extensions.value(certificate, Extension.subjectAlternativeName)
                    .map(GeneralNames::getInstance)
                    .flatMap(AlternativeNames::malformed)
                    .map(name -> "the subject alternative name " + text(name) + " is malformed")
                    .orElse("the subject alternative names are malformed");
        } catch (IllegalArgumentException e) {
            return "the subject alternative names are malformed";
        }
    }

    private static Optional<GeneralName> malformed(GeneralNames names) {
        for (GeneralName name : names.getNames()) {
            try {
                new X509CertSelector()
                        .addSubjectAlternativeName(
                                name.getTagNo(),
                                name.getName().toASN1Primitive().getEncoded());
            } catch (IOException e) {
                return Optional.of(name);
            }
        }
        return Optional.empty();
    }

    /** The kind of a name and, quoted and cut, its value. */
    static String text(GeneralName name) {
        String value = name.getName() instanceof ASN1String text
                ? text.getString()
                : name.getName().toString();
        return kind(name.getTagNo()) + " " + Quoted.of(value);
    }

    static String kind(int tag) {
        return tag >= 0 && tag < KINDS.size() ? KINDS.get(tag) : "of an unknown kind";
    }
}
