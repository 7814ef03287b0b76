package dev.tokenservice.signing.pkcs11;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A request to the process with the token, or its answer, as one line of text. Its form differs from every line that a
 * library writes.
 *
 * @param id the same for a request and its answer
 * @param verb the operation, or the result
 * @param fields the arguments or values
 */
record Message(long id, String verb, List<byte[]> fields) {

    static final String KEYS = "keys";
    static final String SIGN = "sign";
    static final String DONE = "done";
    static final String WRONG_PIN = "wrong-pin";
    static final String FAILED = "failed";

    private static final String MARK = "token-service-pkcs11";

    Message {
        fields = List.copyOf(fields);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    Message answer(String word, List<byte[]> content) {
        return new Message(id, word, content);
    }

    /**
     * Returns the fields of an answer.
     *
     * @throws TokenException if the answer is a failure
     */
    List<byte[]> content() throws TokenException {
        return switch (verb) {
            case DONE -> fields;
            case WRONG_PIN -> throw TokenException.ofPin();
            default -> throw new TokenException(text(0));
        };
    }

    byte[] field(int index) {
        return fields.get(index);
    }

    String text(int index) {
        return new String(field(index), StandardCharsets.UTF_8);
    }

    String line() {
        StringBuilder line = new StringBuilder(MARK + " " + id + " " + verb);
        fields.forEach(field -> line.append(" ").append(Base64.getEncoder().encodeToString(field)));
        return line.append("\n").toString();
    }

    /** Reads a line; empty if it is output of the library. */
    static Optional<Message> of(String line) {
        String[] parts = line.split(" ", -1);
        if (parts.length < 3 || !parts[0].equals(MARK)) {
            return Optional.empty();
        }
        try {
            List<byte[]> fields = new ArrayList<>();
            for (int i = 3; i < parts.length; i++) {
                fields.add(Base64.getDecoder().decode(parts[i]));
            }
            return Optional.of(new Message(Long.parseLong(parts[1]), parts[2], fields));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
