package dev.tokenservice.x509;

import dev.tokenservice.files.TextLines;
import dev.tokenservice.files.UnusableFileException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads the list of denied certificates:
 *
 * <pre>
 * line        = [ fingerprint / serial SP issuer ] [ "#" comment ]
 * fingerprint = SHA-256 of the DER certificate: 64 hex digits, with or without colons / base64 or base64url
 * serial      = [ "-" ] hex digits in pairs, with or without colons, with or without leading zeros / "0x" hex digits
 * issuer      = distinguished name as programs print it, such as CN=Example CA,O=Example
 * </pre>
 *
 * <p>A "#" within an issuer may begin a comment, or belong to the name: the line denies the certificate of either issuer.
 */
public final class DeniedCertificateReader {

    private static final int MAX_MEBIBYTES = 128;
    private static final Pattern END_OF_WORD = Pattern.compile("[\\s#]");
    private static final Pattern HEX_SHA256 = Pattern.compile("[0-9A-Fa-f]{2}(?::?[0-9A-Fa-f]{2}){31}");
    private static final Pattern BASE64_SHA256 = Pattern.compile("([A-Za-z0-9+/_-]{42}[AEIMQUYcgkosw048])=?");
    private static final Pattern CUT_HEX = Pattern.compile("[0-9A-Fa-f]{43}");
    private static final Pattern SERIAL =
            Pattern.compile("-?[0-9A-Fa-f]{2}(?::?[0-9A-Fa-f]{2}){0,49}|-?0[xX][0-9A-Fa-f]{1,100}");

    /** A "#" that no backslash takes its meaning from. */
    private static final Pattern COMMENT = Pattern.compile("(?<!\\\\)(?:\\\\\\\\)*#");

    private static final int SHA256_BYTES = 32;
    private static final int MAX_READINGS = 20;
    private static final int MAX_REMEMBERED = 1000;

    private final Path file;

    /** Issuers by how they are written: a long list has few of them, and to read one takes longer than all else. */
    private final Map<String, List<DistinguishedName>> remembered = new HashMap<>();

    private DeniedCertificateReader(Path file) {
        this.file = file;
    }

    /**
     * Reads a list, a line after the other, so that a large one is never in memory whole.
     *
     * @throws UnusableFileException when it cannot be read, or a line is malformed
     */
    public static void read(Path file, Consumer<DeniedCertificate> denied) {
        DeniedCertificateReader reader = new DeniedCertificateReader(file);
        TextLines.read(file, MAX_MEBIBYTES, (line, written, complete) -> {
            String text = (line == 1 ? written.replaceFirst("^\uFEFF", "") : written).strip();
            if (!text.isEmpty() && !text.startsWith("#")) {
                DeniedCertificate read = reader.parse(line, text);
                if (!complete && CUT_HEX.matcher(text).matches()) {
                    throw reader.refused(
                            "ends within a line,",
                            line,
                            ": end it with a line break, so that a truncated list is detected");
                }
                denied.accept(read);
            }
        });
    }

    private DeniedCertificate parse(int line, String text) {
        Matcher found = END_OF_WORD.matcher(text);
        int end = found.find() ? found.start() : text.length();
        String word = text.substring(0, end);
        String rest = text.substring(end).strip();
        if (!rest.isEmpty() && !rest.startsWith("#")) {
            if (SERIAL.matcher(word).matches()) {
                return ofSerialNumber(line, word, rest);
            }
        } else if (isHexSha256(word)) {
            byte[] digest = HexFormat.of().parseHex(word.replace(":", ""));
            return DeniedCertificate.ofSha256(
                    line, Base64.getEncoder().withoutPadding().encodeToString(digest));
        } else {
            Matcher base64 = BASE64_SHA256.matcher(word);
            if (base64.matches()) {
                return DeniedCertificate.ofSha256(
                        line, base64.group(1).replace('-', '+').replace('_', '/'));
            }
        }
        throw refused(
                "has neither a SHA-256 fingerprint nor a serial number with its issuer (03:E9 CN=Example CA)",
                line,
                "");
    }

    /** Most lines of a long list are digits alone, which a pattern takes longer for. */
    private static boolean isHexSha256(String word) {
        return (word.length() == 2 * SHA256_BYTES && word.chars().allMatch(HexFormat::isHexDigit))
                || HEX_SHA256.matcher(word).matches();
    }

    private DeniedCertificate ofSerialNumber(int line, String serial, String issuer) {
        if (serial.replace(":", "").length() == 2 * SHA256_BYTES) {
            throw refused(
                    "has a fingerprint with an issuer",
                    line,
                    ": write the fingerprint alone, or the serial number with its issuer");
        }
        List<DistinguishedName> issuers = remembered.size() < MAX_REMEMBERED
                ? remembered.computeIfAbsent(issuer, DeniedCertificateReader::issuers)
                : issuers(issuer);
        if (issuers.isEmpty()) {
            throw refused(
                    "has a malformed issuer",
                    line,
                    ": write it as 'openssl x509 -noout -issuer -nameopt RFC2253' prints it");
        }
        return new DeniedCertificate(line, Optional.empty(), Optional.of(signedNumber(serial)), issuers);
    }

    private UnusableFileException refused(String what, int line, String remedy) {
        return new UnusableFileException(file, what + " on line " + line + remedy);
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
                        .flatMap(reading -> DistinguishedName.read(reading).stream())
                        .distinct()
                        .toList();
    }

    /** Serial numbers of certificates are compared by their bytes: those of a negative number are its two's complement. */
    private static BigInteger signedNumber(String serial) {
        BigInteger number = DeniedCertificate.number(serial.replaceFirst("^-?(?:0[xX])?", ""));
        return serial.startsWith("-") ? new BigInteger(1, number.negate().toByteArray()) : number;
    }
}
