package dev.tokenservice.signing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Map;

/** Writes the claims of a token as the JSON object that is signed. */
final class Claims {

    private static final ObjectWriter WRITER = new JsonMapper().writer();

    private Claims() {}

    static String json(Map<String, ?> claims) {
        try {
            return WRITER.writeValueAsString(claims);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the claims are not a JSON object", e);
        }
    }
}
