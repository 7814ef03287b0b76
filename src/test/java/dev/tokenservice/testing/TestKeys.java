package dev.tokenservice.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.RSAKey;
import dev.tokenservice.cryptography.NativeCryptography;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Private keys as objects of the JDK's, whatever provider stands first in this process. */
public final class TestKeys {

    /** Made once a process, and natively where that is possible: in Java, a key takes a second. */
    private static final class RsaPairs {

        static final List<KeyPair> ALL =
                Stream.generate(RsaPairs::pair).limit(4).toList();
        static final AtomicInteger TAKEN = new AtomicInteger();

        private static KeyPair pair() {
            Optional<Provider> fast = new NativeCryptography().loaded().join();
            try {
                KeyPairGenerator generator = fast.isPresent()
                        ? KeyPairGenerator.getInstance("RSA", fast.get())
                        : KeyPairGenerator.getInstance("RSA", "SunRsaSign");
                generator.initialize(2048);
                KeyPair pair = generator.generateKeyPair();
                KeyFactory jdk = KeyFactory.getInstance("RSA", "SunRsaSign");
                return new KeyPair((PublicKey) jdk.translateKey(pair.getPublic()), (PrivateKey)
                        jdk.translateKey(pair.getPrivate()));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private TestKeys() {}

    /** Compares the numbers: objects of EC keys also compare what else was in their encoding. */
    public static Consumer<PrivateKey> isTheSameAs(PrivateKey key) {
        return other -> {
            if (key instanceof ECPrivateKey ec) {
                assertThat(other).isInstanceOfSatisfying(ECPrivateKey.class, same -> {
                    assertThat(same.getS()).isEqualTo(ec.getS());
                    assertThat(same.getParams().getOrder())
                            .isEqualTo(ec.getParams().getOrder());
                });
            } else {
                assertThat(other).isEqualTo(key);
            }
        };
    }

    /** RSA, 2,048 bits. */
    public static PrivateKey ofJdkRsa() {
        return rsaPair().getPrivate();
    }

    /** The same with its public half. No four calls in a row return the same pair twice. */
    public static KeyPair rsaPair() {
        return RsaPairs.ALL.get(Math.floorMod(RsaPairs.TAKEN.getAndIncrement(), RsaPairs.ALL.size()));
    }

    /** An RSA pair as a JWK. */
    public static String rsaJwk() {
        KeyPair pair = rsaPair();
        return new RSAKey.Builder((RSAPublicKey) pair.getPublic())
                .privateKey(pair.getPrivate())
                .build()
                .toJSONString();
    }

    /** EC, P-256. */
    public static PrivateKey ofJdkEc() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", "SunEC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair().getPrivate();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
