package dev.tokenservice.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The inputs that are made, with the parser that each is for; and that no parser is left without any. */
class ParserSeedsTest {

    private static final Path KEPT =
            Path.of("src/test/resources/dev/tokenservice/authentication/ParsersFuzzTestInputs");

    private static final String ALL_IN_ONE = "any";

    static Stream<Arguments> seeds() throws IOException {
        return ParserSeeds.all().entrySet().stream()
                .flatMap(target -> target.getValue().entrySet().stream()
                        .map(seed -> arguments(target.getKey(), seed.getKey(), seed.getValue())));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("seeds")
    void seed_isNoFinding(String target, String name, byte[] seed) throws ReflectiveOperationException {
        ParsersFuzzTest.class.getDeclaredMethod(target, byte[].class).invoke(new ParsersFuzzTest(), seed);
    }

    @Test
    void targets_haveInputsEach_andAreAllTriedInOneProcess() throws IOException {
        Set<String> targets = Stream.of(ParsersFuzzTest.class.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(FuzzTest.class))
                .map(Method::getName)
                .filter(name -> !name.equals(ALL_IN_ONE))
                .collect(Collectors.toSet());
        Set<String> withInputs = new TreeSet<>(ParserSeeds.all().keySet());
        try (Stream<Path> folders = Files.list(KEPT)) {
            folders.forEach(folder -> withInputs.add(folder.getFileName().toString()));
        }
        String source = Files.readString(
                Path.of("src/test/java/dev/tokenservice/authentication/ParsersFuzzTest.java"), StandardCharsets.UTF_8);

        assertThat(withInputs).containsExactlyInAnyOrderElementsOf(targets);
        assertThat(targets).allMatch(target -> source.contains("case \"" + target + "\" -> " + target + "(rest);"));
    }
}
