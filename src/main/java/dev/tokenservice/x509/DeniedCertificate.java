package dev.tokenservice.x509;

import dev.tokenservice.files.RegularFile;
import dev.tokenservice.files.UnusableFileException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;

/**
 * One line of the list of denied certificates:
 *
 * <pre>
 * line        = [ fingerprint / serial SP issuer ] [ "#" comment ]
 * fingerprint = SHA-256 of the DER certificate: 64 hex digits, with or without colons / base64 or base64url
 * serial      = [ "-" ] hex digits in pairs, with or without colons, with or without leading zeros / "0x" hex digits
 * issuer      = distinguished name as programs print it, such as CN=Example CA,O=Example
 * </pre>
 *
 * <p>A "#" within an issuer may begin a comment, or belong to the name: the line denies the certificate of either issuer.
 *
 * <p>A serial number holds for good. A fingerprint is that of one encoding: who has the key of a certificate with an ECDSA
 * signature can turn the signature into its other valid form, and so change the fingerprint.
 *
 * @param line where it stands
 * @param issuers the names that the issuer may be meant as; none of a fingerprint
 */
public record DeniedCertificate(
        int line, Optional<String> sha256, Optional<BigInteger> serialNumber, List<DistinguishedName> issuers) {

    private static final int MAX_MEBIBYTES = 16;
    private static final String FINGERPRINT_END = "\\s*(?:#.*)?";
    private static final Pattern HEX_SHA256 =
            Pattern.compile("([0-9A-Fa-f]{2}(?::?[0-9A-Fa-f]{2}){31})" + FINGERPRINT_END);
    private static final Pattern BASE64_SHA256 =
            Pattern.compile("([A-Za-z0-9+/_-]{42}[AEIMQUYcgkosw048])=?" + FINGERPRINT_END);
    private static final Pattern SERIAL =
            Pattern.compile("(-?[0-9A-Fa-f]{2}(?::?[0-9A-Fa-f]{2}){0,49}|-?0[xX][0-9A-Fa-f]{1,100})\\s+([^\\s#].*)");

    /** A "#" that no backslash takes its meaning from. */
    private static final Pattern COMMENT = Pattern.compile("(?<!\\\\)(?:\\\\\\\\)*#");

    private static final int SHA256_BYTES = 32;
    private static final int MAX_READINGS = 20;

    /** Reads a list. */
    public static List<DeniedCertificate> read(Path file) {
        List<String> lines = RegularFile.text(file, MAX_MEBIBYTES).lines().toList();
        List<DeniedCertificate> denied = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String text = (i == 0 ? lines.get(i).replaceFirst("^\uFEFF", "") : lines.get(i)).strip();
            if (!text.isEmpty() && !text.startsWith("#")) {
                denied.add(parse(i + 1, text, file));
            }
        }
        return List.copyOf(denied);
    }

    private static DeniedCertificate parse(int line, String text, Path file) {
        Matcher hex = HEX_SHA256.matcher(text);
        if (hex.matches()) {
            byte[] digest =
                    HexFormat.of().parseHex(hex.group(1).replace(":", "").toLowerCase(Locale.ROOT));
            return ofSha256(line, Base64.getEncoder().withoutPadding().encodeToString(digest));
        }
        Matcher base64 = BASE64_SHA256.matcher(text);
        if (base64.matches()) {
            return ofSha256(line, base64.group(1).replace('-', '+').replace('_', '/'));
        }
        Matcher serial = SERIAL.matcher(text);
        if (serial.matches()) {
            return ofSerialNumber(line, serial.group(1), serial.group(2), file);
        }
        throw new UnusableFileException(
                file,
                "has neither a SHA-256 fingerprint nor a serial number with its issuer (03:E9 CN=Example CA) on line "
                        + line);
    }

    private static DeniedCertificate ofSerialNumber(int line, String serial, String issuer, Path file) {
        if (serial.replace(":", "").length() == 2 * SHA256_BYTES) {
            throw new UnusableFileException(
                    file,
                    "has a fingerprint with an issuer on line " + line
                            + ": write the fingerprint alone, or the serial number with its issuer");
        }
        List<DistinguishedName> issuers = issuers(issuer);
        if (issuers.isEmpty()) {
            throw new UnusableFileException(
                    file,
                    "has a malformed issuer on line " + line
                            + ": write it as 'openssl x509 -noout -issuer -nameopt RFC2253' prints it");
        }
        return new DeniedCertificate(line, Optional.empty(), Optional.of(signedNumber(serial)), issuers);
    }

    /** The name as it stands, and without each comment that there may be. */
    private static List<DistinguishedName> issuers(String text) {
        List<String> readings = Stream.concat(
                        Stream.of(text),
                        COMMENT.matcher(text).results().map(found -> text.substring(0, found.end() - 1)))
                .limit(MAX_READINGS + 1)
                .toList();
        return readings.size() > MAX_READINGS
                ? List.of()
                : readings.stream()
                        .flatMap(reading -> issuer(reading).stream())
                        .distinct()
                        .toList();
    }

    private static Optional<DistinguishedName> issuer(String text) {
        try {
            return Optional.of(DistinguishedName.parse(text));
        } catch (IllegalArgumentException | IllegalStateException e) {
            return Optional.empty();
        }
    }

    /** Serial numbers of certificates are compared by their bytes: those of a negative number are its two's complement. */
    private static BigInteger signedNumber(String serial) {
        BigInteger number = number(serial.replaceFirst("^-?(?:0[xX])?", ""));
        return serial.startsWith("-") ? new BigInteger(1, number.negate().toByteArray()) : number;
    }

    private static DeniedCertificate ofSha256(int line, String sha256) {
        return new DeniedCertificate(line, Optional.of(sha256), Optional.empty(), List.of());
    }

    /**
     * Whether a certificate with this issuer can be this one. A source that does not know issuers leaves the serial number
     * alone to tell: better one certificate too many than one too few.
     */
    boolean mayBeOf(Optional<X500Principal> certificateIssuer) {
        return certificateIssuer
                .map(DistinguishedName::of)
                .map(issuers::contains)
                .orElse(true);
    }

    static BigInteger number(String hex) {
        return new BigInteger(hex.replace(":", ""), 16);
    }
}
