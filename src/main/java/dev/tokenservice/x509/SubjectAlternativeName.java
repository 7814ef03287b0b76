package dev.tokenservice.x509;

import dev.tokenservice.identity.MalformedCertificateException;
import dev.tokenservice.oauth.Quoted;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;

/**
 * One of the alternative names of a certificate, of whatever kind, RFC 5280 section 4.2.1.6.
 *
 * @param text the value, or what stands for it in messages
 * @param address the value of an IP address; empty of the other kinds
 */
public record SubjectAlternativeName(Kind kind, String text, List<Byte> address) {

    /** The kinds that are told apart. */
    public enum Kind {
        URI,
        DNS,
        EMAIL,
        IP,
        OTHER
    }

    /** Every name of a certificate, in its order. */
    public static List<SubjectAlternativeName> of(X509Certificate certificate) {
        try {
            return Extensions.value(certificate, Extension.subjectAlternativeName)
                    .map(names -> Arrays.stream(GeneralNames.getInstance(names).getNames())
                            .map(SubjectAlternativeName::of)
                            .toList())
                    .orElse(List.of());
        } catch (IllegalArgumentException e) {
            throw new MalformedCertificateException(AlternativeNames.problem(certificate));
        }
    }

    private static SubjectAlternativeName of(GeneralName name) {
        if (name.getTagNo() == GeneralName.iPAddress) {
            byte[] bytes = ASN1OctetString.getInstance(name.getName()).getOctets();
            Byte[] boxed = new Byte[bytes.length];
            Arrays.setAll(boxed, i -> bytes[i]);
            return new SubjectAlternativeName(Kind.IP, IpAddresses.text(bytes), List.of(boxed));
        }
        Kind kind = switch (name.getTagNo()) {
            case GeneralName.uniformResourceIdentifier -> Kind.URI;
            case GeneralName.dNSName -> Kind.DNS;
            case GeneralName.rfc822Name -> Kind.EMAIL;
            default -> Kind.OTHER;
        };
        return name.getName() instanceof ASN1String text && kind != Kind.OTHER
                ? new SubjectAlternativeName(kind, text.getString(), List.of())
                : new SubjectAlternativeName(Kind.OTHER, AlternativeNames.kind(name.getTagNo()), List.of());
    }

    /** Returns the value of an IP address. */
    public byte[] bytes() {
        byte[] bytes = new byte[address.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = address.get(i);
        }
        return bytes;
    }

    @Override
    public String toString() {
        return kind == Kind.OTHER ? text : kind + " " + Quoted.of(text);
    }
}
