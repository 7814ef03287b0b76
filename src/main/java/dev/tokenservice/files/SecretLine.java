package dev.tokenservice.files;

import java.nio.file.Path;

/** Reads a secret that is the only line of a file. */
public final class SecretLine {

    private SecretLine() {}

    /**
     * Returns the line; its end is no part of the secret.
     *
     * @param what the secret is, for the message
     * @throws UnusableFileException when the file holds anything else
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
