package dev.tokenservice.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegularFileTest {

    @TempDir
    Path folder;

    @Test
    void text_linkToARegularFile_isRead() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "content");

        assertThat(RegularFile.text(Files.createSymbolicLink(folder.resolve("link"), file), 1))
                .isEqualTo("content");
    }

    @Test
    void bytes_ofTheLargestSizeAndOneMore_areReadAndRefused() throws IOException {
        Path file = Files.write(folder.resolve("file"), new byte[1024 * 1024]);
        Path larger = Files.write(folder.resolve("larger"), new byte[1024 * 1024 + 1]);

        assertThat(RegularFile.bytes(file, 1)).hasSize(1024 * 1024);
        assertThatThrownBy(() -> RegularFile.bytes(larger, 1)).hasMessage(larger + " is larger than 1 MiB");
    }

    @Test
    void bytes_namedPipe_isRefusedAndNotOpened() throws Exception {
        Path pipe = folder.resolve("pipe");
        assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0, "skipped: no mkfifo here");

        assertThatThrownBy(() -> RegularFile.bytes(pipe, 1))
                .isInstanceOf(UnusableFileException.class)
                .hasMessageContaining("is a pipe, a socket or a device");
    }

    @Test
    void bytes_device_isRefused() {
        assertThatThrownBy(() -> RegularFile.bytes(Path.of("/dev/zero"), 1))
                .isInstanceOf(UnusableFileException.class)
                .hasMessageContaining("is a pipe, a socket or a device");
    }

    @Test
    void bytes_folderMissingFileAndLinkToNothing_areToldApart() throws IOException {
        Path missing = folder.resolve("missing");
        Path link = Files.createSymbolicLink(folder.resolve("link"), missing);

        assertThatThrownBy(() -> RegularFile.bytes(folder, 1)).hasMessageContaining("is a folder");
        assertThatThrownBy(() -> RegularFile.bytes(missing, 1)).hasMessageContaining("cannot be read");
        assertThatThrownBy(() -> RegularFile.bytes(link, 1)).hasMessageContaining("a link that leads to no file");
    }

    @Test
    void text_notUtf8_isRefused() throws IOException {
        Path file = Files.write(folder.resolve("file"), new byte[] {'a', (byte) 0xff});

        assertThatThrownBy(() -> RegularFile.text(file, 1)).hasMessage(file + " is not a text in UTF-8");
    }

    @ParameterizedTest
    @CsvSource({"rw-------, false", "rw-r-----, false", "rw-r--r--, true", "r--r--r--, true"})
    void isReadableByOthers_followsThePermissions(String permissions, boolean expected) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));

        assertThat(RegularFile.isReadableByOthers(file)).isEqualTo(expected);
    }
}
