package dev.tokenservice.files;

import java.nio.file.Path;

/** Reads a secret that is the only line of a file. */
public final class SecretLine {

    private SecretLine() {}

    /**
     * Returns the line without its line break.
     *
     * @param what the secret is, for the message
     * @throws UnusableFileException if the file does not hold one line of 1 to {@code longest} characters
     */
    public static String read(Path file, String what, int longest) {
        String line = RegularFile.text(file, 1).replaceFirst("\\r?\\n\\z", "");
        if (line.isEmpty() || line.length() > longest || line.indexOf('\n') >= 0) {
            throw new UnusableFileException(
                    file, "must hold a " + what + " in one line of 1 to " + longest + " characters");
        }
        return line;
    }
}
