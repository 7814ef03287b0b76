package dev.tokenservice.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;

/**
 * An answer.
 *
 * @param headers by lower-case name
 */
public record Response(int status, Map<String, List<String>> headers, String body) {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** The values of a header, joined; empty where it is absent. */
    public String header(String name) {
        return String.join(", ", headers.getOrDefault(name, List.of()));
    }

    /** The body, which must be JSON. */
    public JsonNode json() {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + status + " " + body, e);
        }
    }

    /** A member of the body that must be there, as text. */
    public String text(String member) {
        JsonNode value = json().path(member);
        if (!value.isValueNode()) {
            throw new AssertionError("no " + member + " in " + status + " " + body);
        }
        return value.asText();
    }
}
