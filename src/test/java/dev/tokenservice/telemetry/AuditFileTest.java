package dev.tokenservice.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenservice.files.UnusableFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file for audit lines on a real file system. */
class AuditFileTest {

    @TempDir
    Path folder;

    private Path path;

    @BeforeEach
    void name() {
        path = folder.resolve("audit.log");
    }

    private static void write(AuditFile file, String... lines) throws IOException {
        for (String line : lines) {
            file.write((line + "\n").getBytes(UTF_8));
        }
    }

    private String permissions(String name) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name)));
    }

    private List<String> lines(String name) throws IOException {
        return Files.readAllLines(folder.resolve(name));
    }

    @Test
    void file_thatIsMade_belongsToNobodyElse() throws IOException {
        try (AuditFile file = AuditFile.open(path)) {
            write(file, "one", "two");
        }

        assertThat(lines("audit.log")).containsExactly("one", "two");
        assertThat(permissions("audit.log")).isEqualTo("rw-------");
    }

    @Test
    void file_thatIsThere_isContinuedAndClosedToOthers() throws IOException {
        Files.writeString(path, "before\n");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));

        try (AuditFile file = AuditFile.open(path)) {
            write(file, "one");
        }

        assertThat(lines("audit.log")).containsExactly("before", "one");
        assertThat(permissions("audit.log")).isEqualTo("rw-------");
    }

    @Test
    void file_thatIsFull_isKeptWithFourBeforeIt() throws IOException {
        try (AuditFile file = AuditFile.open(path, 10)) {
            for (int i = 10; i < 30; i++) {
                write(file, "no" + i);
            }
        }

        assertThat(folder).isDirectoryContaining("glob:**audit.log.4").isDirectoryNotContaining("glob:**audit.log.5");
        assertThat(lines("audit.log")).containsExactly("no28", "no29");
        assertThat(lines("audit.log.1")).containsExactly("no26", "no27");
        assertThat(lines("audit.log.4")).containsExactly("no20", "no21");
        assertThat(permissions("audit.log.4")).isEqualTo("rw-------");
    }

    @Test
    void line_longerThanAFile_hasOneOfItsOwn() throws IOException {
        try (AuditFile file = AuditFile.open(path, 10)) {
            write(file, "a", "b".repeat(100), "c");
        }

        assertThat(lines("audit.log")).containsExactly("c");
        assertThat(lines("audit.log.1")).containsExactly("b".repeat(100));
        assertThat(lines("audit.log.2")).containsExactly("a");
    }

    @Test
    void link_isNotFollowed() throws IOException {
        Path target = Files.writeString(folder.resolve("target"), "");
        Files.createSymbolicLink(path, target);

        assertThatThrownBy(() -> AuditFile.open(path))
                .isInstanceOf(UnusableFileException.class)
                .hasMessage(path + " is a symbolic link, which is not followed: name the file itself");
    }

    @Test
    void link_putThereWhileTheServiceRuns_isNotFollowed() throws IOException {
        Path target = Files.writeString(folder.resolve("target"), "");
        try (AuditFile file = AuditFile.open(path, 10)) {
            write(file, "12345678");
            Files.createSymbolicLink(folder.resolve("audit.log.1"), target);
            write(file, "next");
            file.close();
            Files.delete(path);
            Files.createSymbolicLink(path, target);

            assertThatThrownBy(() -> write(file, "not there")).isInstanceOf(IOException.class);
        }

        assertThat(target).isEmptyFile();
        assertThat(lines("audit.log.1")).containsExactly("12345678");
    }

    @Test
    void otherThings_areRefused() throws IOException {
        Files.createDirectory(path);

        assertThatThrownBy(() -> AuditFile.open(path)).hasMessageContaining("is not a regular file");
        assertThatThrownBy(() -> AuditFile.open(folder.resolve("missing/audit.log")))
                .hasMessageContaining("is in a folder that does not exist");
        assertThatThrownBy(() -> AuditFile.open(Path.of("/proc/audit.log"))).isInstanceOf(UnusableFileException.class);
    }

    @Test
    void secondWriter_isRefused() throws IOException {
        try (AuditFile file = AuditFile.open(path)) {
            assertThatThrownBy(() -> AuditFile.open(path)).hasMessageContaining("already writes to it");
            write(file, "one");
        }
        AuditFile.open(path).close();
    }

    @Test
    void check_leavesNothingBehind() {
        AuditFilePlace.check(path);

        assertThat(folder).isEmptyDirectory();
    }
}
