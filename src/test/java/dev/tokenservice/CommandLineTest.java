package dev.tokenservice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.configuration.Overrides;
import dev.tokenservice.testing.TestClock;
import io.dropwizard.core.setup.Bootstrap;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import net.sourceforge.argparse4j.inf.ArgumentParserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody reads who does not know the command line. */
class CommandLineTest {

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    private Optional<Throwable> run(String arguments) {
        TokenServiceApplication application = new TokenServiceApplication(
                Overrides.of(Map.of()), new TestClock(), System::nanoTime, System.out, System.err);
        Bootstrap<TokenServiceConfiguration> bootstrap = new Bootstrap<>(application);
        application.addDefaultCommands(bootstrap);
        application.initialize(bootstrap);
        return new CommandLine(bootstrap, TokenServiceConfiguration.model(), print(output), print(errors))
                .run(arguments.split(" "));
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({
        "server --nope, --nope, server --help",
        "doctor --jsn config.yml, --jsn, doctor --help",
        "validate, too few arguments, validate --help",
        "check a b, b, check --help",
        "frobnicate, 'server', --help"
    })
    void arguments_wrong_areToldInTwoLines(String arguments, String named, String hint) {
        assertThat(run(arguments)).containsInstanceOf(ArgumentParserException.class);

        assertThat(errors.toString(StandardCharsets.UTF_8).lines())
                .hasSize(2)
                .satisfies(lines -> assertThat(lines.get(0)).contains(named))
                .satisfies(lines -> assertThat(lines.get(1)).isEqualTo("see: java -jar token-service.jar " + hint));
        assertThat(output.size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"server", "check", "doctor", "validate"})
    void help_ofEachCommand_hasAnExample(String command) {
        assertThat(run(command + " --help")).isEmpty();

        assertThat(output.toString(StandardCharsets.UTF_8).replaceAll("\\s+", " "))
                .containsPattern("Examples?: .*java -jar token-service.jar " + command);
        assertThat(errors.size()).isZero();
    }

    @Test
    void failure_ofACommand_isToldInItsOwnWords() {
        assertThat(run("server no-such-file.yml")).isPresent();

        assertThat(errors.toString(StandardCharsets.UTF_8)).contains("no-such-file.yml");
    }
}
