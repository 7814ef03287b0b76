package dev.tokenservice.x509;

import dev.tokenservice.identity.DirectoryName;
import dev.tokenservice.identity.DirectoryName.TypeAndValue;
import dev.tokenservice.identity.MalformedCertificateException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.ASN1UniversalString;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;

/** Reads distinguished names from their DER, which is the only form that means one name. */
public final class DirectoryNameReader {

    private static final Charset UTF_32 = Charset.forName("UTF-32BE");

    private DirectoryNameReader() {}

    public static DirectoryName of(X500Principal name) {
        return of(name.getEncoded());
    }

    /**
     * The name that an encoding is of, to its last byte.
     *
     * @throws MalformedCertificateException when it is not one name in DER
     */
    public static DirectoryName of(byte[] der) {
        try {
            ASN1Primitive value = ASN1Primitive.fromByteArray(der);
            if (value == null || !Arrays.equals(value.getEncoded(ASN1Encoding.DER), der)) {
                throw malformed();
            }
            return new DirectoryName(Arrays.stream(X500Name.getInstance(value).getRDNs())
                    .map(RDN::getTypesAndValues)
                    .map(attributes -> Arrays.stream(attributes)
                            .map(DirectoryNameReader::attribute)
                            .toList())
                    .toList());
        } catch (IOException | IllegalArgumentException | IllegalStateException | ClassCastException e) {
            throw malformed();
        }
    }

    private static TypeAndValue attribute(AttributeTypeAndValue attribute) {
        ASN1Encodable value = attribute.getValue();
        try {
            return new TypeAndValue(
                    attribute.getType().getId(),
                    text(value),
                    HexFormat.of().formatHex(value.toASN1Primitive().getEncoded(ASN1Encoding.DER)));
        } catch (IOException e) {
            throw malformed();
        }
    }

    /** A T61String is read as Latin-1, as all programs do. What cannot be decoded is not a text. */
    private static Optional<String> text(ASN1Encodable value) {
        if (!(value instanceof ASN1String string) || value instanceof ASN1BitString) {
            return Optional.empty();
        }
        try {
            String text = string instanceof ASN1UniversalString universal
                    ? UTF_32.newDecoder()
                            .decode(ByteBuffer.wrap(universal.getOctets()))
                            .toString()
                    : string.getString();
            return StandardCharsets.UTF_8.newEncoder().canEncode(text) ? Optional.of(text) : Optional.empty();
        } catch (CharacterCodingException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static MalformedCertificateException malformed() {
        return new MalformedCertificateException("a distinguished name is not well-formed DER");
    }
}
