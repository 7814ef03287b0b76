package dev.tokenservice;

import dev.tokenservice.configuration.ExitStatus;
import dev.tokenservice.configuration.Overrides;
import dev.tokenservice.testing.TestClock;
import dev.tokenservice.testing.TestValidators;
import io.dropwizard.core.setup.Bootstrap;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A command line as it ended, run in this process. */
public record TestCommandLine(int status, String output, String errors) {

    /** Runs a command that ends by itself. */
    public static TestCommandLine run(Map<String, String> environment, String... arguments) {
        return run(Overrides.of(environment), arguments);
    }

    /** The same with system properties. */
    static TestCommandLine run(Overrides overrides, String... arguments) {
        return run(overrides, new TestClock(), arguments);
    }

    /** The same at another time. */
    public static TestCommandLine run(Overrides overrides, Clock clock, String... arguments) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        TokenServiceApplication application =
                new TokenServiceApplication(overrides, clock, System::nanoTime, print(output), print(errors));
        Bootstrap<TokenServiceConfiguration> bootstrap = new Bootstrap<>(application);
        application.addDefaultCommands(bootstrap);
        application.initialize(bootstrap);
        bootstrap.setValidatorFactory(TestValidators.SHARED);
        Optional<Throwable> failure = new CommandLine(
                        bootstrap, TokenServiceConfiguration.model(), print(output), print(errors))
                .run(arguments);
        return new TestCommandLine(
                failure.map(ExitStatus::of).orElse(0),
                output.toString(StandardCharsets.UTF_8),
                errors.toString(StandardCharsets.UTF_8));
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    /** What the configuration was refused for, a line each. */
    List<String> problems() {
        return errors.lines()
                .filter(line -> line.startsWith("  * "))
                .map(line -> line.substring(4))
                .toList();
    }
}
