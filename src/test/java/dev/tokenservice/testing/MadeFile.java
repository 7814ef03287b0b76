package dev.tokenservice.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file of the repository that is made from the code. {@code -Dpage=write} has the test that compares it write it anew. */
public final class MadeFile {

    private static final boolean WRITE = "write".equals(System.getProperty("page"));

    private MadeFile() {}

    /** Compares a file with what it has to be. */
    public static void assertMade(Class<?> test, Path file, String expected) throws IOException {
        if (WRITE) {
            Files.writeString(file, expected);
        }

        assertThat(Files.readString(file))
                .as("run: mvn -q test -Dtest=%s -Dpage=write", test.getSimpleName())
                .isEqualTo(expected);
    }
}
