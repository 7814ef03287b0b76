package dev.tokenservice.files;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a text that an operator names line by line, so that a large one is never in memory whole. */
public final class TextLines {

    private static final int MAX_LINE_LENGTH = 16_384;

    private static final int PIECE = 8192;

    private final Path file;
    private final LineReader lines;
    private final StringBuilder line = new StringBuilder();
    private int number = 1;
    private char before;

    private TextLines(Path file, LineReader lines) {
        this.file = file;
        this.lines = lines;
    }

    /** Takes the lines of a text. */
    public interface LineReader {

        /**
         * Takes a line.
         *
         * @param number from 1 on
         * @param line without its end, which is a line feed, a carriage return, or both
         * @param complete whether it has an end: the last one may have none, as where a file was cut off
         */
        void read(int number, String line, boolean complete);
    }

    /**
     * Reads a text in UTF-8, which it has to be.
     *
     * @param mebibytes the largest size, whatever the file system says of it
     * @throws UnusableFileException when it is not a regular file, cannot be read, is larger, or has a line of more than 16,384
     *     characters
     */
    public static void read(Path file, int mebibytes, LineReader lines) {
        RegularFile.checkKind(file);
        try (Reader text = new InputStreamReader(
                new LimitedStream(Files.newInputStream(file), file, mebibytes), StandardCharsets.UTF_8.newDecoder())) {
            new TextLines(file, lines).read(text);
        } catch (CharacterCodingException e) {
            throw new UnusableFileException(file, "is not a text in UTF-8", e);
        } catch (IOException e) {
            throw RegularFile.unreadable(file, e);
        }
    }

    private void read(Reader text) throws IOException {
        char[] piece = new char[PIECE];
        for (int length = text.read(piece); length >= 0; length = text.read(piece)) {
            for (int i = 0; i < length; i++) {
                take(piece[i]);
            }
        }
        if (!line.isEmpty()) {
            endLine(false);
        }
    }

    private void take(char c) {
        if (c == '\r' || (c == '\n' && before != '\r')) {
            endLine(true);
        } else if (c != '\n') {
            line.append(c);
        }
        if (line.length() > MAX_LINE_LENGTH) {
            throw new UnusableFileException(file, "has more than " + MAX_LINE_LENGTH + " characters on line " + number);
        }
        before = c;
    }

    private void endLine(boolean complete) {
        lines.read(number, line.toString(), complete);
        line.setLength(0);
        number++;
    }

    /** Ends where a file turns out to be larger than it may be. */
    private static final class LimitedStream extends FilterInputStream {

        private final Path file;
        private final int mebibytes;
        private long left;

        LimitedStream(InputStream stream, Path file, int mebibytes) {
            super(stream);
            this.file = file;
            this.mebibytes = mebibytes;
            this.left = (long) mebibytes * RegularFile.MEBIBYTE;
        }

        @Override
        public int read(byte[] bytes, int start, int length) throws IOException {
            int read = super.read(bytes, start, length);
            left -= Math.max(read, 0);
            if (left < 0) {
                throw RegularFile.tooLarge(file, mebibytes);
            }
            return read;
        }
    }
}
