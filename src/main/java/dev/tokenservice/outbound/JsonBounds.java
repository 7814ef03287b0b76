package dev.tokenservice.outbound;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.tokenservice.outbound.RefusedAnswerException.Reason;
import java.io.IOException;

/**
 * The JSON that is read from others: no member twice, at most so deep, and with numbers that fit 64 bits. Google's libraries
 * read their answers with parsers of their own, so that the transport checks every JSON answer before it hands it over.
 */
final class JsonBounds {

    private static final int DEEPEST = 32;
    private static final int LONGEST_NUMBER = 32;
    private static final int LONGEST_NAME = 1024;

    /** The first number beyond a {@code long}. */
    private static final double BEYOND_LONG = 0x1p63;

    /** The first byte of U+FEFF in UTF-8. */
    private static final byte BYTE_ORDER_MARK = (byte) 0xEF;

    private static final JsonFactory FACTORY = factory();

    private JsonBounds() {}

    static JsonFactory factory() {
        return JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(DEEPEST)
                        .maxNumberLength(LONGEST_NUMBER)
                        .maxNameLength(LONGEST_NAME)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
    }

    /**
     * Checks content that looks like a JSON object or array; anything else is left to the reader.
     *
     * @throws RefusedAnswerException without the parser's own message, which repeats what it could not read
     */
    @SuppressWarnings("UnusedException")
    static void check(byte[] content) throws IOException {
        if (!looksLikeJson(content)) {
            return;
        }
        try (JsonParser parser = FACTORY.createParser(content)) {
            boolean complete = false;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (complete) {
                    throw refused("something follows the JSON of the answer");
                }
                if (token.isNumeric() && Math.abs(parser.getDoubleValue()) >= BEYOND_LONG) {
                    throw refused("a number in the answer is beyond 64 bits");
                }
                complete = parser.getParsingContext().inRoot();
            }
        } catch (JsonProcessingException e) {
            throw refused("the answer is not JSON, or exceeds its limits");
        }
    }

    private static RefusedAnswerException refused(String message) {
        return new RefusedAnswerException(Reason.JSON, message);
    }

    /** Also after a byte order mark, which Google's libraries skip. */
    private static boolean looksLikeJson(byte[] content) {
        for (byte b : content) {
            if (b == '{' || b == '[' || b == BYTE_ORDER_MARK) {
                return true;
            }
            if (b != ' ' && b != '\t' && b != '\r' && b != '\n') {
                return false;
            }
        }
        return false;
    }
}
