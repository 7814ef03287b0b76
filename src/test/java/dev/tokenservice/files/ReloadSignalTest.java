package dev.tokenservice.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which standard inputs are terminals, as Linux names them. */
class ReloadSignalTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"/dev/pts/0", "/dev/tty1", "/dev/ttyS0", "/dev/console"})
    void isTerminal_terminal_isTrue(String input) throws IOException {
        assertThat(isTerminal(input)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/dev/null", "pipe:[4026]", "socket:[4026]", "/tmp/dev/pts/0", "/dev/shm/tty1"})
    void isTerminal_anythingElse_isFalse(String input) throws IOException {
        assertThat(isTerminal(input)).isFalse();
    }

    private boolean isTerminal(String input) throws IOException {
        return ReloadSignal.isTerminal(Files.createSymbolicLink(folder.resolve("0"), Path.of(input)));
    }
}
