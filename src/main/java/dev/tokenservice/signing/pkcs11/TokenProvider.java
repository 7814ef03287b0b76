package dev.tokenservice.signing.pkcs11;

import java.io.ByteArrayOutputStream;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SignatureException;
import java.security.SignatureSpi;
import org.jspecify.annotations.Nullable;

/** A JCA provider that signs with the keys of a PKCS#11 token. */
public final class TokenProvider extends Provider {

    private static final long serialVersionUID = 1;

    /** Creates a provider that signs through {@code token}. */
    public TokenProvider(TokenSignatures token) {
        super("TokenService-PKCS11", "1", "Keys in a PKCS#11 token");
        for (String algorithm : new String[] {"SHA256withRSA", "SHA256withECDSA"}) {
            putService(new Service(this, "Signature", algorithm, TokenSignature.class.getName(), null, null) {
                @Override
                public Object newInstance(@Nullable Object parameter) {
                    return new TokenSignature(token, algorithm);
                }

                @Override
                public boolean supportsParameter(Object key) {
                    return key instanceof TokenPrivateKey;
                }
            });
        }
    }

    /** Returns a key object for this provider. It holds no key material. */
    public PrivateKey key(TokenKey key) {
        return new TokenPrivateKey(key.label(), key.certificate().getPublicKey().getAlgorithm());
    }

    private static final class TokenSignature extends SignatureSpi {

        private final TokenSignatures token;
        private final String algorithm;
        private final ByteArrayOutputStream data = new ByteArrayOutputStream();
        private @Nullable TokenPrivateKey key;

        TokenSignature(TokenSignatures token, String algorithm) {
            this.token = token;
            this.algorithm = algorithm;
        }

        @Override
        protected void engineInitSign(PrivateKey other) throws InvalidKeyException {
            if (!(other instanceof TokenPrivateKey own)) {
                throw new InvalidKeyException("is not a key of the token");
            }
            key = own;
            data.reset();
        }

        @Override
        protected void engineUpdate(byte b) {
            data.write(b);
        }

        @Override
        protected void engineUpdate(byte[] bytes, int offset, int length) {
            data.write(bytes, offset, length);
        }

        @Override
        protected byte[] engineSign() throws SignatureException {
            if (key == null) {
                throw new SignatureException("has no key");
            }
            try {
                return token.sign(algorithm, key.label(), data.toByteArray());
            } catch (TokenException e) {
                throw new SignatureException(e);
            } finally {
                data.reset();
            }
        }

        @Override
        protected void engineInitVerify(PublicKey other) throws InvalidKeyException {
            throw new InvalidKeyException("only signs");
        }

        @Override
        protected boolean engineVerify(byte[] signature) throws SignatureException {
            throw new SignatureException("only signs");
        }

        @Override
        @Deprecated
        protected void engineSetParameter(String name, Object value) {
            throw new UnsupportedOperationException(name);
        }

        @Override
        @Deprecated
        protected Object engineGetParameter(String name) {
            throw new UnsupportedOperationException(name);
        }
    }
}
