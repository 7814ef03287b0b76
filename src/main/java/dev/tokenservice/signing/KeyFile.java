package dev.tokenservice.signing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tokenservice.files.RegularFile;
import dev.tokenservice.files.UnusableFileException;
import dev.tokenservice.x509.PemKeyReader;
import io.jsonwebtoken.JwtException;
import io.jsonwebtoken.security.Jwks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.PrivateKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A file with one private key: PEM in any form that {@link PemKeyReader} takes, or a JSON Web Key (RFC 7517). Parses and
 * decrypts it again only after its content changed. Not thread-safe.
 */
final class KeyFile {

    private static final int MAX_SIZE = 64 * 1024;
    private static final List<String> PUBLIC_MEMBERS = List.of("n", "e", "crv", "x", "y");

    private final Path file;
    private byte[] content = {};
    private @Nullable SigningKey key;

    KeyFile(Path file) {
        this.file = file;
    }

    /** Returns whether a file is a JSON object with {@code kty}. The JSON Web Key may still be invalid. */
    static boolean isJwk(Path file) {
        try {
            return StrictJson.object(RegularFile.text(file, 1))
                    .filter(object -> object.has("kty"))
                    .isPresent();
        } catch (UnusableFileException e) {
            return false;
        }
    }

    /**
     * Reads the key.
     *
     * @throws UnusableFileException if it cannot be used; the message names the file and the problem, but never its content
     */
    SigningKey read(Supplier<PemKeyReader> pemReader) {
        if (!Files.isRegularFile(file)) {
            throw new UnusableFileException(
                    file, "is not a file, or is a link that leads to none: remove it, or correct it");
        }
        byte[] found = RegularFile.bytes(file, 1);
        if (found.length > MAX_SIZE) {
            throw new UnusableFileException(file, "is larger than any key file");
        }
        SigningKey known = key;
        if (known != null && Arrays.equals(found, content)) {
            return known;
        }
        SigningKey read = parse(found, pemReader);
        content = found;
        key = read;
        return read;
    }

    private SigningKey parse(byte[] found, Supplier<PemKeyReader> pemReader) {
        try {
            Optional<Instant> written =
                    Optional.of(Files.getLastModifiedTime(file).toInstant());
            return isJson(found) ? jwk(found, written) : SigningKey.of(pem(found, pemReader.get()), written);
        } catch (IOException e) {
            throw new UnusableFileException(file, "cannot be read: let the user of the service read it", e);
        } catch (IllegalArgumentException e) {
            throw new UnusableFileException(file, String.valueOf(e.getMessage()), e);
        }
    }

    private static boolean isJson(byte[] content) {
        return new String(content, StandardCharsets.UTF_8).stripLeading().startsWith("{");
    }

    private SigningKey jwk(byte[] found, Optional<Instant> written) {
        ObjectNode members = text(found)
                .flatMap(StrictJson::object)
                .orElseThrow(() -> new UnusableFileException(file, "is not a well-formed JSON Web Key (RFC 7517)"));
        SigningKey read = SigningKey.of(privateKey(members), written);
        for (String member : PUBLIC_MEMBERS) {
            if (members.has(member)
                    && !Objects.equals(
                            members.get(member).textValue(), read.publicJwk().get(member))) {
                throw new UnusableFileException(file, "is a JSON Web Key whose public and private parts do not fit");
            }
        }
        return read;
    }

    private PrivateKey privateKey(ObjectNode members) {
        Key parsed;
        try {
            parsed = Jwks.parser().build().parse(members.toString()).toKey();
        } catch (JwtException | IllegalArgumentException e) {
            // Messages of the parser quote the key, so the exception has no cause.
            throw new UnusableFileException(file, "is not a well-formed JSON Web Key (RFC 7517)");
        }
        if (parsed instanceof PrivateKey privateKey) {
            return privateKey;
        }
        throw new UnusableFileException(file, "is a JSON Web Key without the private part");
    }

    private static Optional<String> text(byte[] content) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private PrivateKey pem(byte[] content, PemKeyReader reader) {
        return reader.read(file, content)
                .orElseThrow(() -> new UnusableFileException(
                        file,
                        "is neither one PEM block with a private key nor a JSON Web Key: convert it with "
                                + "'openssl pkcs8 -topk8 -nocrypt -in FILE -out FILE.pem'"));
    }
}
