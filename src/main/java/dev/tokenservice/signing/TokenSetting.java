package dev.tokenservice.signing;

import dev.tokenservice.files.FileReading;
import dev.tokenservice.files.RegularFile;
import dev.tokenservice.files.UnusableFileException;
import dev.tokenservice.signing.pkcs11.HardwareToken;
import dev.tokenservice.signing.pkcs11.Pkcs11Uri;
import dev.tokenservice.signing.pkcs11.TokenException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The setting {@code SIGNING_PKCS11}: a PKCS#11 URI (RFC 7512). */
final class TokenSetting {

    private static final String NAME = "pkcs11";
    private static final String FORM = "must be a PKCS#11 URI (RFC 7512), such as "
            + "pkcs11:token=LABEL?module-path=/LIBRARY.so&pin-source=/PIN-FILE";

    private final Pkcs11Uri uri;

    private TokenSetting(Pkcs11Uri uri) {
        this.uri = uri;
    }

    /** Reads a value; empty if it is invalid. */
    static Optional<TokenSetting> of(String value) {
        try {
            return Optional.of(new TokenSetting(Pkcs11Uri.parse(value)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Returns what is wrong with a value; empty if it is valid. */
    static Optional<String> problem(String value) {
        try {
            Pkcs11Uri unused = Pkcs11Uri.parse(value);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(FORM + (value.startsWith(Pkcs11Uri.SCHEME) ? ": this one " + e.getMessage() : ""));
        }
    }

    /** Returns the files that the service reads at start-up. */
    List<FileReading> fileReadings() {
        return List.of(
                FileReading.of(NAME, uri.module(), this::checkLibrary),
                FileReading.of(NAME, uri.pinFile(), uri::checkPin));
    }

    private void checkLibrary() {
        if (!Files.isRegularFile(uri.module()) || !Files.isReadable(uri.module())) {
            throw new UnusableFileException(uri.module(), "is not a library that the service may read");
        }
    }

    /** Returns the file with the PIN, if every user of the machine may read it. */
    Optional<Path> exposedPin() {
        return Optional.of(uri.pinFile()).filter(RegularFile::isReadableByOthers);
    }

    /**
     * Opens the token.
     *
     * @throws SigningKeyException if it cannot be opened, or has no key of the algorithm
     */
    TokenBoundSigner build(String algorithm, KeyPeriods periods, SignerParts in) {
        try {
            checkLibrary();
            uri.checkPin();
            HardwareToken token = HardwareToken.connect(uri);
            TokenRing ring = new TokenRing(token, uri.object());
            // The operator selects the key that signs, because a PKCS#11 token cannot store confirmations.
            LocalKeys keys = new LocalKeys(ring, () -> UploadedParties.NONE, periods, in.cryptography(), in.clock());
            LocalSigner signer = LocalSigner.of(algorithm, keys);
            if (!signer.algorithms().contains(algorithm)) {
                throw new IllegalArgumentException("has no key for " + algorithm
                        + " that signs: create one (docs/keys.md), or change SIGNING_ALGORITHM");
            }
            return new TokenBoundSigner(signer, token, ring);
        } catch (UnusableFileException | TokenException e) {
            throw new SigningKeyException("SIGNING_PKCS11: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new SigningKeyException("SIGNING_PKCS11: the token " + e.getMessage(), e);
        }
    }
}
