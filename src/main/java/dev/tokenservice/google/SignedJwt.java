package dev.tokenservice.google;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tokenservice.outbound.GoogleJson;
import java.io.IOException;
import java.util.Base64;

/** Checks what signJwt answers. */
final class SignedJwt {

    private static final String ALGORITHM = "RS256";
    private static final int JWS_PARTS = 3;

    private SignedJwt() {}

    /** Checks that the answer is a token: not {@code null}, an error page, or a token of another algorithm. */
    static String checked(String jws) throws IOException {
        String[] parts = jws.split("\\.", -1);
        if (parts.length != JWS_PARTS) {
            throw new IOException("signedJwt is not a compact JWS");
        }
        byte[] header = decoded(parts[0]);
        decoded(parts[1]);
        decoded(parts[2]);
        JsonNode members = GoogleJson.object(header);
        if (!GoogleJson.text(members, "alg").equals(ALGORITHM)) {
            throw new IOException("signedJwt is not signed with " + ALGORITHM);
        }
        GoogleJson.text(members, "kid");
        return jws;
    }

    /** RFC 7515 section 2: base64url without padding. */
    @SuppressWarnings("UnusedException") // its message repeats the input
    private static byte[] decoded(String part) throws IOException {
        if (part.isEmpty() || part.endsWith("=")) {
            throw new IOException("signedJwt is not a compact JWS");
        }
        try {
            return Base64.getUrlDecoder().decode(part);
        } catch (IllegalArgumentException e) {
            throw new IOException("signedJwt is not base64url");
        }
    }
}
