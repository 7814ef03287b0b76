package dev.tokenservice.oauth;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Walks through the pairs of a form-encoded text (WHATWG URL section 5.1); empty pairs are passed over. A fault is a value
 * and not an exception: the sender of 64 KiB chooses how many faults are in it.
 */
final class FormPairs {

    private final byte[] text;
    private int start;
    private int equals;
    private int end = -1;

    /**
     * A name or a value.
     *
     * @param text what it says; empty if it is faulty
     * @param fault what is wrong with it
     */
    record Decoded(String text, Optional<String> fault) {

        private static Decoded faulty(String fault) {
            return new Decoded("", Optional.of(fault));
        }
    }

    FormPairs(byte[] text) {
        this.text = text;
    }

    /** Goes to the next pair, if there is one. */
    boolean next() {
        do {
            start = end + 1;
            if (start >= text.length) {
                return false;
            }
            end = indexOf('&', start, text.length);
        } while (end == start);
        equals = indexOf('=', start, end);
        return true;
    }

    boolean hasValue() {
        return equals < end;
    }

    /** Number of bytes that the name has as it was sent. */
    int nameLength() {
        return equals - start;
    }

    Decoded name() {
        return decode(start, equals);
    }

    /** Returns the value; an empty one where the pair has none. */
    Decoded value() {
        return decode(Math.min(equals + 1, end), end);
    }

    private int indexOf(char wanted, int from, int limit) {
        int i = from;
        while (i < limit && text[i] != wanted) {
            i++;
        }
        return i;
    }

    private Decoded decode(int from, int to) {
        byte[] bytes = new byte[to - from];
        int length = 0;
        for (int i = from; i < to; i++) {
            int b = text[i];
            if (b == '%') {
                if (i + 2 >= to || !HexFormat.isHexDigit(text[i + 1]) || !HexFormat.isHexDigit(text[i + 2])) {
                    return Decoded.faulty("a percent sign must be followed by two hex digits");
                }
                b = HexFormat.fromHexDigit(text[i + 1]) << 4 | HexFormat.fromHexDigit(text[i + 2]);
                i += 2;
            } else if (b == '+') {
                b = ' ';
            }
            if (b == 0) {
                return Decoded.faulty("it holds a NUL");
            }
            bytes[length++] = (byte) b;
        }
        return utf8(ByteBuffer.wrap(bytes, 0, length));
    }

    /** The decoder refuses overlong forms, surrogates, and what lies beyond U+10FFFF (RFC 3629 section 3). */
    private static Decoded utf8(ByteBuffer bytes) {
        CharBuffer characters = CharBuffer.allocate(bytes.remaining());
        CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(bytes, characters, true);
        return result.isError()
                ? Decoded.faulty("it is not UTF-8")
                : new Decoded(characters.flip().toString(), Optional.empty());
    }
}
