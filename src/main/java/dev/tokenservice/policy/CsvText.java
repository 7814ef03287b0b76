package dev.tokenservice.policy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads CSV records (RFC 4180) strictly: quotation marks enclose a whole field, and are doubled within one. A record may also
 * end with only a line feed.
 */
final class CsvText {

    private static final int END = -1;

    private final byte[] content;
    private int at;
    private int line = 1;

    /**
     * Starts at the beginning of a record.
     *
     * @param content text in UTF-8
     */
    CsvText(byte[] content, int start) {
        this.content = content;
        this.at = start;
    }

    /** The text does not follow RFC 4180. */
    static final class MalformedException extends Exception {

        private static final long serialVersionUID = 1L;

        MalformedException(int line, String what) {
            super("line " + line + ": " + what, null, false, false);
        }
    }

    boolean hasNext() {
        return at < content.length;
    }

    /** Returns the offset of the next record, in bytes. */
    int position() {
        return at;
    }

    /** Returns the line of the next record, from 1. */
    int line() {
        return line;
    }

    /** Returns the fields of the next record. */
    List<String> next() throws MalformedException {
        List<String> fields = new ArrayList<>();
        do {
            fields.add(peek() == '"' ? quoted() : plain());
        } while (endsField());
        return fields;
    }

    private int peek() {
        return at < content.length ? content[at] : END;
    }

    /** Reads the end of a field, and returns whether another field follows. */
    private boolean endsField() throws MalformedException {
        int next = peek();
        if (next == ',') {
            at++;
            return true;
        }
        if (next == '\r' && at + 1 < content.length && content[at + 1] == '\n') {
            at++;
            next = '\n';
        }
        if (next != '\n' && next != END) {
            throw new MalformedException(line, "a comma or the end of the line must follow a field in quotation marks");
        }
        if (next == '\n') {
            at++;
            line++;
        }
        return false;
    }

    private String plain() throws MalformedException {
        int start = at;
        while (at < content.length && content[at] != ',' && content[at] != '\n' && !isCarriageReturnAtEnd()) {
            checkCharacter(content[at]);
            if (content[at] == '"') {
                throw new MalformedException(
                        line,
                        "a quotation mark within a field: put the field in quotation marks, and double the one in it");
            }
            at++;
        }
        return new String(content, start, at - start, StandardCharsets.UTF_8);
    }

    private boolean isCarriageReturnAtEnd() {
        return content[at] == '\r' && at + 1 < content.length && content[at + 1] == '\n';
    }

    private String quoted() throws MalformedException {
        int opened = line;
        ByteArrayOutputStream field = new ByteArrayOutputStream();
        for (at++; at < content.length; at++) {
            byte next = content[at];
            if (next == '"') {
                at++;
                if (peek() != '"') {
                    return field.toString(StandardCharsets.UTF_8);
                }
            } else if (next == '\n') {
                line++;
            } else if (next != '\r') {
                checkCharacter(next);
            }
            field.write(next);
        }
        throw new MalformedException(opened, "a field in quotation marks is not closed");
    }

    /** Bytes of characters outside ASCII are negative in Java. */
    private void checkCharacter(byte next) throws MalformedException {
        if ((next >= 0 && next < ' ') || next == 0x7F) {
            throw new MalformedException(line, "a control character: fields hold printable text");
        }
    }
}
