package dev.tokenservice.x509;

import java.math.BigInteger;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.misc.MiscObjectIdentifiers;
import org.bouncycastle.asn1.misc.ScryptParams;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PKCS12PBEParams;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;

/** What it costs to try a password: the file says it, so that it is bounded before any memory or time is spent. */
public final class PasswordCost {

    /** As the JDK has it. */
    private static final BigInteger MAX_ITERATIONS = BigInteger.valueOf(5_000_000);

    /** Four times what OpenSSL asks of scrypt by itself (RFC 7914: 128 bytes times N times r). */
    private static final BigInteger MAX_SCRYPT_MEMORY = BigInteger.valueOf(64L * 1024 * 1024);

    private static final BigInteger MAX_SCRYPT_PARALLEL = BigInteger.valueOf(16);
    private static final BigInteger SCRYPT_BLOCK = BigInteger.valueOf(128);

    private PasswordCost() {}

    /** Returns whether the parameters of an encryption (RFC 8018, RFC 7292 appendix C) are within the bounds. */
    public static boolean isBearable(AlgorithmIdentifier encryption) {
        if (!PKCSObjectIdentifiers.id_PBES2.equals(encryption.getAlgorithm())) {
            return !(encryption.getParameters() instanceof ASN1Sequence parameters)
                    || parameters.size() != 2
                    || isBearable(PKCS12PBEParams.getInstance(parameters).getIterations());
        }
        KeyDerivationFunc function =
                PBES2Parameters.getInstance(encryption.getParameters()).getKeyDerivationFunc();
        if (PKCSObjectIdentifiers.id_PBKDF2.equals(function.getAlgorithm())) {
            return isBearable(PBKDF2Params.getInstance(function.getParameters()).getIterationCount());
        }
        return !MiscObjectIdentifiers.id_scrypt.equals(function.getAlgorithm())
                || isBearable(ScryptParams.getInstance(function.getParameters()));
    }

    private static boolean isBearable(ScryptParams scrypt) {
        BigInteger memory = SCRYPT_BLOCK.multiply(scrypt.getCostParameter()).multiply(scrypt.getBlockSize());
        return scrypt.getBlockSize().signum() > 0
                && scrypt.getCostParameter().signum() > 0
                && memory.compareTo(MAX_SCRYPT_MEMORY) <= 0
                && scrypt.getParallelizationParameter().compareTo(MAX_SCRYPT_PARALLEL) <= 0;
    }

    static boolean isBearable(BigInteger iterations) {
        return iterations.signum() > 0 && iterations.compareTo(MAX_ITERATIONS) <= 0;
    }
}
