package dev.tokenservice.outbound;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What Google is sent and answers. Read strictly: one JSON object without repeated members, and nothing after it. */
public final class GoogleJson {

    /** What {@code path} finds where there is nothing. */
    public static final JsonNode NOTHING = MissingNode.getInstance();

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonBounds.factory())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final int LONGEST_TOKEN = 16 * 1024;

    private GoogleJson() {}

    public static byte[] write(Map<String, String> members) {
        try {
            return MAPPER.writeValueAsBytes(members);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts always make a JSON object", e);
        }
    }

    public static JsonNode read(InputStream content) throws IOException {
        return object(content.readAllBytes());
    }

    public static JsonNode read(String content) throws IOException {
        return object(content.getBytes(StandardCharsets.UTF_8));
    }

    /** The parser's own message is left out: it repeats what it could not read, and that may be a token. */
    @SuppressWarnings("UnusedException")
    public static JsonNode object(byte[] content) throws IOException {
        JsonNode node;
        try {
            node = MAPPER.readTree(content);
        } catch (JsonProcessingException e) {
            throw new IOException("not JSON");
        }
        if (!node.isObject()) {
            throw new IOException("not a JSON object");
        }
        return node;
    }

    /** A token that may stand in a header: visible ASCII (RFC 6749 appendix A.12), and not longer than servers take. */
    public static String token(JsonNode object, String member) throws IOException {
        String value = text(object, member);
        if (value.length() > LONGEST_TOKEN || !value.chars().allMatch(c -> c > ' ' && c <= '~')) {
            throw new IOException(member + " is not a token");
        }
        return value;
    }

    /** Returns the text of a member that must be there. */
    public static String text(JsonNode object, String member) throws IOException {
        JsonNode value = object.path(member);
        if (!value.isTextual() || value.textValue().isEmpty()) {
            throw new IOException("no text in " + member);
        }
        return value.textValue();
    }
}
