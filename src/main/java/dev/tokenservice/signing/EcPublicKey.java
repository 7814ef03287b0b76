package dev.tokenservice.signing;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECPublicKeySpec;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/** Computes the public part of an EC key on P-256. The JWK library needs a hundred times as long. */
final class EcPublicKey {

    private static final X9ECParameters P256 = CustomNamedCurves.getByName("P-256");

    private EcPublicKey() {}

    static ECPublicKey of(ECPrivateKey key) {
        ECPoint point =
                new FixedPointCombMultiplier().multiply(P256.getG(), key.getS()).normalize();
        try {
            return (ECPublicKey) KeyFactory.getInstance("EC")
                    .generatePublic(new ECPublicKeySpec(
                            new java.security.spec.ECPoint(
                                    point.getAffineXCoord().toBigInteger(),
                                    point.getAffineYCoord().toBigInteger()),
                            key.getParams()));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("is not an EC key on P-256", e);
        }
    }
}
