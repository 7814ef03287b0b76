package dev.tokenservice.x509;

import dev.tokenservice.files.UnusableFileException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads PEM files to the last line, in the strict form of RFC 7468 section 3 with spaces at the ends of lines and any kind
 * of line end:
 *
 * <pre>
 * file        = [ BOM ] *( explanation / block )
 * block       = "-----BEGIN " label "-----" *header *( base64 / empty line ) "-----END " label "-----"
 * explanation = a line of text that has neither a boundary, however it is written, nor base64 of the length of a block's lines
 * </pre>
 *
 * <p>RFC 7468 section 2 has parsers skip what is outside the blocks. A block that is indented or misspelt would be skipped,
 * too:
 * an authority less, or a revocation list.
 */
public final class PemFile {

    private static final Pattern BEGIN = Pattern.compile("-----BEGIN ([A-Z0-9](?:[A-Z0-9. ]{0,38}[A-Z0-9])?)-----");
    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/=]*");
    private static final Pattern HEADER = Pattern.compile("(?:Proc-Type|DEK-Info):[ -~]{1,100}");

    /** With any number and kind of dashes. */
    private static final Pattern BOUNDARY = Pattern.compile(
            "\\p{Pd}{2}\\s{0,4}(?:BEGIN|END)|\\p{Pd}\\s{0,4}(?:BEGIN|END)\\s{1,4}[\\w. ]{0,40}"
                    + "(?:CERT|CRL|KEY|PKCS|CMS|REQUEST|PARAM)",
            Pattern.CASE_INSENSITIVE);

    /** A fingerprint in hex may be as long; an ASN.1 sequence begins with MI, however short its lines are. */
    private static final Pattern DATA =
            Pattern.compile("(?![0-9A-Fa-f]+$)[A-Za-z0-9+/]{48,}={0,2}|MI[A-P][A-Za-z0-9+/]{12,}={0,2}");

    private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x08\\x0B\\x0E-\\x1F\\x7F]");
    private static final Pattern LINE_END = Pattern.compile("\\r\\n|\\n|\\r");
    private static final Pattern BLANKS = Pattern.compile("[\\s\"'#,;>]+");

    private final Path file;
    private final String[] lines;
    private int next;

    private PemFile(Path file, String text) {
        this.file = file;
        this.lines = LINE_END.split(text.startsWith("\uFEFF") ? text.substring(1) : text, -1);
    }

    /**
     * Reads every block.
     *
     * @throws UnusableFileException when the file has anything else that may be meant as one, with its line
     */
    public static List<PemBlock> read(Path file, byte[] content) {
        return new PemFile(file, new String(content, StandardCharsets.UTF_8)).blocks();
    }

    /**
     * Returns whether a content is a binary ASN.1 sequence of 128 bytes or more. No text has these two bytes at its
     * beginning.
     */
    public static boolean isBinary(byte[] content) {
        return content.length > 1 && content[0] == 0x30 && content[1] < 0;
    }

    private List<PemBlock> blocks() {
        List<PemBlock> blocks = new ArrayList<>();
        for (String line = line(); line != null; line = line()) {
            Matcher begin = BEGIN.matcher(line);
            if (begin.matches()) {
                blocks.add(block(begin.group(1), next));
            } else {
                checkExplanation(line);
            }
        }
        return blocks;
    }

    private @Nullable String line() {
        return next < lines.length ? lines[next++].stripTrailing() : null;
    }

    private PemBlock block(String label, int begin) {
        String end = "-----END " + label + "-----";
        List<String> headers = new ArrayList<>();
        StringBuilder base64 = new StringBuilder();
        for (String line = line(); line != null; line = line()) {
            if (line.equals(end)) {
                PemBlock block = new PemBlock(file, begin, label, List.copyOf(headers), base64.toString());
                block.content();
                return block;
            }
            if (base64.isEmpty() && HEADER.matcher(line).matches()) {
                headers.add(line);
            } else if (BASE64.matcher(line).matches()) {
                base64.append(line);
            } else {
                throw refused("is in a PEM block, and is neither base64 nor '" + end + "'");
            }
        }
        next = begin;
        throw refused("begins a PEM block that has no '" + end + "'");
    }

    private void checkExplanation(String line) {
        if (CONTROL.matcher(line).find()) {
            throw refused("is binary, and the file is read as PEM: convert it with OpenSSL");
        }
        if (BOUNDARY.matcher(line).find()) {
            throw refused("looks like a malformed boundary of a PEM block: write five dashes, BEGIN or END in "
                    + "capitals, a label, five dashes, and nothing else on the line, not even a space before it");
        }
        if (BLANKS.splitAsStream(line).anyMatch(word -> DATA.matcher(word).matches())) {
            throw refused("looks like base64 outside a PEM block: put it between its BEGIN and END, or remove it");
        }
    }

    private UnusableFileException refused(String problem) {
        return new UnusableFileException(file, "is invalid: line " + next + " " + problem);
    }
}
