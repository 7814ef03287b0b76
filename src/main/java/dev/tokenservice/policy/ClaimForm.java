package dev.tokenservice.policy;

import dev.tokenservice.policy.NamePattern.Kind;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Converts fingerprints and serial numbers from the forms that programs print to the form of the ID token. */
final class ClaimForm {

    private static final Pattern HEX_SHA256 = Pattern.compile("[0-9A-Fa-f]{2}(?::?[0-9A-Fa-f]{2}){31}");
    private static final Pattern BASE64_SHA256 = Pattern.compile("[A-Za-z0-9+/_-]{43}=?");
    private static final Pattern HEX = Pattern.compile("(?:0[xX])?([0-9A-Fa-f]+(?::[0-9A-Fa-f]+)*)");
    private static final int MAX_SERIAL = 100;

    private ClaimForm() {}

    /** Returns the converted text; empty if it is neither a fingerprint nor a serial number. */
    static Optional<String> of(Kind kind, String text) {
        return switch (kind) {
            case SHA256 -> sha256(text.strip());
            case SERIAL -> text.length() > MAX_SERIAL ? Optional.empty() : serial(text.strip());
            default -> Optional.empty();
        };
    }

    private static Optional<String> sha256(String text) {
        if (HEX_SHA256.matcher(text).matches()) {
            byte[] digest = HexFormat.of().parseHex(text.replace(":", ""));
            return Optional.of(Base64.getEncoder().withoutPadding().encodeToString(digest));
        }
        return BASE64_SHA256.matcher(text).matches()
                ? Optional.of(text.replace('-', '+').replace('_', '/').replace("=", ""))
                : Optional.empty();
    }

    private static Optional<String> serial(String text) {
        return Optional.of(HEX.matcher(text))
                .filter(Matcher::matches)
                .map(hex -> hex.group(1).replace(":", "").toLowerCase(Locale.ROOT))
                .map(digits -> digits.length() % 2 == 0 ? digits : "0" + digits)
                .map(digits -> digits.charAt(0) >= '8' ? "00" + digits : digits)
                .map(digits ->
                        HexFormat.ofDelimiter(":").formatHex(HexFormat.of().parseHex(digits)));
    }
}
