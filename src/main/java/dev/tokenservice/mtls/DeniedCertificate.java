package dev.tokenservice.mtls;

import dev.tokenservice.mtls.files.UnusableFileException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.X500Name;

/**
 * One line of the list of denied certificates:
 *
 * <pre>
 * line        = [ fingerprint / serial SP issuer ] [ "#" comment ]
 * fingerprint = SHA-256 of the DER certificate: 64 hex digits, with or without colons / 43( base64 character )
 * serial      = hex digits in pairs, with or without colons, with or without leading zeros
 * issuer      = distinguished name as in RFC 4514, such as CN=Example CA,O=Example
 * </pre>
 *
 * A serial number holds for good. A fingerprint is that of one encoding: who has the key of a certificate with an ECDSA
 * signature can turn the signature into its other valid form, and so change the fingerprint.
 *
 * @param line where it stands
 * @param issuer compared without regard to case, spaces, order and kind of string: tools print names in many ways, and a line
 *     that does not apply is a certificate that is not revoked
 */
record DeniedCertificate(
        int line, Optional<String> sha256, Optional<BigInteger> serialNumber, Optional<X500Name> issuer) {

    private static final int MAX_SIZE = 16 * 1024 * 1024;
    private static final Pattern COMMENT = Pattern.compile("(?:^|\\s)#.*$");
    private static final Pattern HEX_SHA256 = Pattern.compile("[0-9A-Fa-f]{2}(?::?[0-9A-Fa-f]{2}){31}");
    private static final Pattern BASE64_SHA256 = Pattern.compile("[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]");
    private static final Pattern SERIAL = Pattern.compile("([0-9A-Fa-f]{2}(?::?[0-9A-Fa-f]{2}){0,49})\\s+(\\S.*)");

    /** Reads a list. */
    static List<DeniedCertificate> read(Path file) {
        try {
            if (Files.size(file) > MAX_SIZE) {
                throw new UnusableFileException(file, "is larger than 16 MiB");
            }
            List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
            List<DeniedCertificate> denied = new ArrayList<>();
            for (int i = 0; i < lines.size(); i++) {
                String text = COMMENT.matcher(lines.get(i)).replaceFirst("").strip();
                if (!text.isEmpty()) {
                    denied.add(parse(i + 1, text, file));
                }
            }
            return List.copyOf(denied);
        } catch (IOException e) {
            throw new UnusableFileException(file, "cannot be read as a text", e);
        }
    }

    private static DeniedCertificate parse(int line, String text, Path file) {
        if (HEX_SHA256.matcher(text).matches()) {
            byte[] digest = HexFormat.of().parseHex(text.replace(":", "").toLowerCase(Locale.ROOT));
            return ofSha256(line, Base64.getEncoder().withoutPadding().encodeToString(digest));
        }
        if (BASE64_SHA256.matcher(text).matches()) {
            return ofSha256(line, text);
        }
        Matcher serial = SERIAL.matcher(text);
        if (serial.matches()) {
            try {
                return new DeniedCertificate(
                        line,
                        Optional.empty(),
                        Optional.of(number(serial.group(1))),
                        Optional.of(new X500Name(serial.group(2))));
            } catch (IllegalArgumentException | IllegalStateException e) {
                throw new UnusableFileException(file, "has a malformed issuer on line " + line, e);
            }
        }
        throw new UnusableFileException(
                file,
                "has neither a SHA-256 fingerprint nor a serial number with its issuer (03:E9 CN=Example CA) on line "
                        + line);
    }

    private static DeniedCertificate ofSha256(int line, String sha256) {
        return new DeniedCertificate(line, Optional.of(sha256), Optional.empty(), Optional.empty());
    }

    /**
     * Whether a certificate with this issuer can be this one. A source that does not know issuers leaves the serial number
     * alone to tell: better one certificate too many than one too few.
     */
    boolean mayBeOf(Optional<X500Principal> certificateIssuer) {
        return certificateIssuer.isEmpty()
                || certificateIssuer
                        .map(name -> X500Name.getInstance(name.getEncoded()))
                        .equals(issuer);
    }

    static BigInteger number(String hex) {
        return new BigInteger(hex.replace(":", ""), 16);
    }
}
