package dev.tokenservice.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextLinesTest {

    @TempDir
    Path folder;

    private List<String> lines(byte[] content) throws IOException {
        List<String> lines = new ArrayList<>();
        TextLines.read(
                Files.write(folder.resolve("file"), content),
                1,
                (number, line, complete) -> lines.add(number + " " + line + (complete ? "" : " without an end")));
        return lines;
    }

    private List<String> lines(String text) throws IOException {
        return lines(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void read_everyEndOfLine_numbersLines() throws IOException {
        assertThat(lines("a\nb\r\n\r\rM\u00fcller\n\n"))
                .containsExactly("1 a", "2 b", "3 ", "4 ", "5 M\u00fcller", "6 ");
        assertThat(lines("a\r\nlast")).containsExactly("1 a", "2 last without an end");
        assertThat(lines("")).isEmpty();
    }

    @Test
    void read_longestLineAndOneCharacterMore_readAndRefused() throws IOException {
        String longest = "x".repeat(16_384);

        assertThat(lines("a\n" + longest + "\n")).hasSize(2);
        assertThatThrownBy(() -> lines("a\n" + longest + "x"))
                .isInstanceOf(UnusableFileException.class)
                .hasMessageContaining("has more than 16384 characters on line 2");
    }

    @Test
    void read_largestFileAndOneByteMore_readAndRefused() throws IOException {
        byte[] largest = "0123456789abcde\n".repeat(64 * 1024).getBytes(StandardCharsets.US_ASCII);

        assertThat(lines(largest)).hasSize(64 * 1024);
        assertThatThrownBy(() -> lines(new String(largest, StandardCharsets.US_ASCII) + "x"))
                .hasMessageContaining("is larger than 1 MiB");
    }

    @Test
    void read_notUtf8_refused() {
        assertThatThrownBy(() -> lines(new byte[] {'a', '\n', (byte) 0xfc, '\n'}))
                .hasMessageContaining("is not a text in UTF-8");
    }

    @Test
    void read_folderAndMissingFile_toldApart() {
        assertThatThrownBy(() -> TextLines.read(folder, 1, (number, line, complete) -> {}))
                .hasMessageContaining("is a folder");
        assertThatThrownBy(() -> TextLines.read(folder.resolve("none"), 1, (number, line, complete) -> {}))
                .hasMessageContaining("the file does not exist");
    }
}
