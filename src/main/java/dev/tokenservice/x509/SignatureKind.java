package dev.tokenservice.x509;

import dev.tokenservice.identity.MalformedCertificateException;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Null;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.jspecify.annotations.Nullable;

/** The kinds of signatures on certificates: which parameters they have, and the only form of their value. */
@SuppressWarnings("ImmutableEnumChecker") // The predicates keep no state.
enum SignatureKind {
    /** RFC 4055 section 5: NULL, and a reader also accepts absent parameters. */
    RSA(
            "1\\.2\\.840\\.113549\\.1\\.1\\.(?:[2-5]|1[1-6])|2\\.16\\.840\\.1\\.101\\.3\\.4\\.3\\.1[3-6]",
            parameters -> parameters == null || parameters instanceof ASN1Null,
            value -> true),
    /** RFC 4055 section 3.1. */
    RSA_PSS("1\\.2\\.840\\.113549\\.1\\.1\\.10", parameters -> true, value -> true),
    /** RFC 5758 section 3.2. */
    ECDSA(
            "1\\.2\\.840\\.10045\\.4\\.(?:1|3\\.[1-4])|2\\.16\\.840\\.1\\.101\\.3\\.4\\.3\\.(?:9|1[0-2])",
            parameters -> parameters == null,
            value -> EcdsaSignature.parse(value).isPresent()),
    /** RFC 8410 sections 3 and 6. */
    ED25519("1\\.3\\.101\\.112", parameters -> parameters == null, value -> value.length == 64),
    ED448("1\\.3\\.101\\.113", parameters -> parameters == null, value -> value.length == 114);

    private final Pattern identifiers;
    private final Predicate<@Nullable ASN1Encodable> parameters;
    private final Predicate<byte[]> value;

    SignatureKind(String identifiers, Predicate<@Nullable ASN1Encodable> parameters, Predicate<byte[]> value) {
        this.identifiers = Pattern.compile(identifiers);
        this.parameters = parameters;
        this.value = value;
    }

    /** @throws MalformedCertificateException where it is none: nobody knows how many forms its values have */
    static SignatureKind of(AlgorithmIdentifier algorithm) {
        String identifier = algorithm.getAlgorithm().getId();
        for (SignatureKind kind : values()) {
            if (kind.identifiers.matcher(identifier).matches()) {
                if (!kind.parameters.test(algorithm.getParameters())) {
                    throw new MalformedCertificateException(
                            "the parameters of its signature algorithm are not those of " + kind);
                }
                return kind;
            }
        }
        throw new MalformedCertificateException(
                "its signature algorithm " + identifier + " is not supported: use RSA, ECDSA or EdDSA");
    }

    void check(byte[] signature) {
        if (!value.test(signature)) {
            throw new MalformedCertificateException("its signature value is not the canonical DER of " + this);
        }
    }
}
