package dev.tokenservice.signing;

import io.jsonwebtoken.JwtException;
import io.jsonwebtoken.security.Jwk;
import io.jsonwebtoken.security.Jwks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Primitive;

/** A file with one private key: PEM with PKCS#8 (RFC 7468 section 10), or a JSON Web Key (RFC 7517). */
final class KeyFile {

    private static final int MAX_SIZE = 64 * 1024;
    private static final Pattern PKCS8 =
            Pattern.compile("\\s*-----BEGIN PRIVATE KEY-----\\s+([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----\\s*");

    private KeyFile() {}

    /**
     * Reads a key.
     *
     * @throws SigningKeyException which names the file and what is wrong with it, and never repeats its content
     */
    static SigningKey read(Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                throw new SigningKeyException(file, "is no file, or a link that leads to none: remove it, or mend it");
            }
            if (Files.size(file) > MAX_SIZE) {
                throw new SigningKeyException(file, "is larger than any key file");
            }
            String text = Files.readString(file, StandardCharsets.UTF_8);
            return SigningKey.of(
                    text.stripLeading().startsWith("{") ? jwk(text, file) : pem(text, file),
                    Optional.of(Files.getLastModifiedTime(file).toInstant()));
        } catch (IOException e) {
            throw new SigningKeyException(file, "cannot be read: see that the service's user may read it", e);
        } catch (IllegalArgumentException e) {
            throw new SigningKeyException(file, String.valueOf(e.getMessage()), e);
        }
    }

    private static PrivateKey jwk(String text, Path file) {
        try {
            Jwk<?> jwk = Jwks.parser().build().parse(text);
            Key key = jwk.toKey();
            if (key instanceof PrivateKey privateKey) {
                return privateKey;
            }
        } catch (JwtException | IllegalArgumentException e) {
            // The parser's messages repeat what it read: the cause is left out.
            throw new SigningKeyException(file, "is not a well-formed JSON Web Key (RFC 7517)");
        }
        throw new SigningKeyException(file, "is a JSON Web Key without the private part");
    }

    private static PrivateKey pem(String text, Path file) {
        Matcher matcher = PKCS8.matcher(text);
        if (!matcher.matches()) {
            throw new SigningKeyException(
                    file,
                    text.contains("ENCRYPTED")
                            ? "is encrypted: decrypt it with 'openssl pkcs8 -in FILE -out FILE.pem'"
                            : "is neither one PEM block 'PRIVATE KEY' (PKCS#8) nor a JSON Web Key: convert it with "
                                    + "'openssl pkcs8 -topk8 -nocrypt -in FILE -out FILE.pem'");
        }
        byte[] der;
        try {
            der = Base64.getDecoder().decode(matcher.group(1).replaceAll("\\s", ""));
            // A key factory stops at the end of the key.
            if (ASN1Primitive.fromByteArray(der) == null) {
                throw new SigningKeyException(file, "holds an empty block");
            }
        } catch (IOException e) {
            throw new SigningKeyException(file, "holds something that is not one key: write it again");
        } catch (IllegalArgumentException e) {
            throw new SigningKeyException(file, "holds malformed base64");
        }
        return pkcs8(der, file);
    }

    private static PrivateKey pkcs8(byte[] der, Path file) {
        PKCS8EncodedKeySpec encoded = new PKCS8EncodedKeySpec(der);
        return Stream.of("RSA", "EC")
                .flatMap(algorithm -> privateKey(algorithm, encoded).stream())
                .findFirst()
                .orElseThrow(() -> new SigningKeyException(file, "is neither an RSA key nor an EC key on P-256"));
    }

    private static Optional<PrivateKey> privateKey(String algorithm, PKCS8EncodedKeySpec encoded) {
        try {
            return Optional.of(KeyFactory.getInstance(algorithm).generatePrivate(encoded));
        } catch (InvalidKeySpecException e) {
            return Optional.empty();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        }
    }
}
