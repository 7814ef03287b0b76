package dev.tokenservice.x509;

import dev.tokenservice.files.UnusableFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/**
 * One block of a PEM file, RFC 7468.
 *
 * @param line where it begins
 * @param headers of RFC 1421 section 4.6, which encrypted keys have
 * @param base64 of its content, in one line
 */
public record PemBlock(Path file, int line, String label, List<String> headers, String base64) {

    /** Takes a block without headers that has one of these labels, the preferred one first. */
    void expect(List<String> labels) {
        expect(Set.copyOf(labels), labels.get(0));
        if (!headers.isEmpty()) {
            throw refused("has headers, which only an encrypted key has: remove them");
        }
    }

    public void expect(Set<String> labels, String preferred) {
        if (!labels.contains(label)) {
            throw refused("is '" + label + "', and the file is for '" + preferred + "': convert it, or remove it");
        }
    }

    public byte[] content() {
        try {
            byte[] content = Base64.getDecoder().decode(base64);
            if (content.length > 0) {
                return content;
            }
        } catch (IllegalArgumentException e) {
            throw refused("has malformed base64: write the file again");
        }
        throw refused("is empty: write the file again");
    }

    /** The same as a text, in which nothing stands but the block. */
    public String text() {
        StringBuilder text = new StringBuilder("-----BEGIN " + label + "-----\n");
        headers.forEach(header -> text.append(header).append('\n'));
        text.append(headers.isEmpty() ? "" : "\n");
        for (int i = 0; i < base64.length(); i += 64) {
            text.append(base64, i, Math.min(base64.length(), i + 64)).append('\n');
        }
        return text.append("-----END ").append(label).append("-----\n").toString();
    }

    /** Says what is wrong with the block, to be read after its line. */
    public UnusableFileException refused(String problem) {
        return new UnusableFileException(file, "has a PEM block on line " + line + " that " + problem);
    }
}
