package dev.tokenservice.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The JVM in which tests start the jar. */
public final class TestJvm {

    /** The jar under test. */
    public static final Path JAR = Path.of(System.getProperty("token-service.jar", "target/token-service.jar"));

    /** The program {@code java} of the tests' own JVM. */
    public static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    /** As in the image, with the first compiler only: a start takes half the processor time. The young heap touches little memory. */
    static final List<String> WITHOUT_ARCHIVE = List.of(JAVA, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmn16m");

    private TestJvm() {}

    /** Returns the program and its options, one of which is the archive of the jar's classes. */
    public static List<String> command() {
        return WithArchive.COMMAND;
    }

    /** Made once the first test asks for it. */
    private static final class WithArchive {

        static final List<String> COMMAND = command();

        private static List<String> command() {
            List<String> command = new ArrayList<>(WITHOUT_ARCHIVE);
            try {
                // A JVM that cannot use it goes on without it, and need not say so.
                JarArchive.find()
                        .ifPresent(file -> command.addAll(List.of("-XX:SharedArchiveFile=" + file, "-Xlog:cds*=off")));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
            return List.copyOf(command);
        }
    }
}
