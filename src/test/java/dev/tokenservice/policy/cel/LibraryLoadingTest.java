package dev.tokenservice.policy.cel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.policy.PolicyContext;
import dev.tokenservice.policy.PolicyFile;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library of the expression language takes time and memory: only a policy that has an expression pays for it. */
class LibraryLoadingTest {

    @TempDir
    private Path folder;

    /** Loads everything itself, and notes what belongs to the library. */
    private static final class NotingLoader extends URLClassLoader {

        private final List<String> ofLibrary = new ArrayList<>();

        NotingLoader() {
            super(classPath(), ClassLoader.getPlatformClassLoader());
        }

        private static URL[] classPath() {
            return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                    .map(entry -> url(Path.of(entry).toUri()))
                    .toArray(URL[]::new);
        }

        private static URL url(URI place) {
            try {
                return place.toURL();
            } catch (MalformedURLException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("dev.cel.")) {
                ofLibrary.add(name);
            }
            return super.loadClass(name, resolve);
        }
    }

    @Test
    void policyWithoutAnExpression_loadsNothingOfTheLibrary() throws Exception {
        Path file = Files.writeString(folder.resolve("policy.yml"), "version: 1\nrules: allow-all\n");

        try (NotingLoader loader = new NotingLoader()) {
            Class<?> context = loader.loadClass(PolicyContext.class.getName());
            Object policy = ((Supplier<?>) loader.loadClass(PolicyFile.class.getName())
                            .getConstructor(Path.class, context, Clock.class)
                            .newInstance(file, context.getField("NONE").get(null), Clock.systemUTC()))
                    .get();
            assertThat(policy.getClass().getClassLoader()).isSameAs(loader);
            assertThat(loader.ofLibrary).isEmpty();

            // The loader would have noticed.
            Class<?> purpose = loader.loadClass(Expressions.Purpose.class.getName());
            Class<?> expressions = loader.loadClass(Expressions.class.getName());
            expressions
                    .getMethod("compile", String.class, purpose, Set.class)
                    .invoke(
                            expressions.getConstructor().newInstance(),
                            "true",
                            purpose.getEnumConstants()[0],
                            Set.of());
            assertThat(loader.ofLibrary).isNotEmpty();
        }
    }
}
