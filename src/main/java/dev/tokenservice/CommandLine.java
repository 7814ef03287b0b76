package dev.tokenservice;

import dev.tokenservice.configuration.ConfigurationModel;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.util.JarLocation;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Optional;
import net.sourceforge.argparse4j.inf.ArgumentParserException;
import net.sourceforge.argparse4j.internal.UnrecognizedArgumentException;

/** Runs a command. Prints two lines for wrong arguments, because Dropwizard would print the whole usage after the first. */
final class CommandLine {

    private static final String CALL = "java -jar token-service.jar ";

    private final Bootstrap<?> bootstrap;
    private final ConfigurationModel<?> model;
    private final PrintStream output;
    private final PrintStream errors;

    CommandLine(Bootstrap<?> bootstrap, ConfigurationModel<?> model, PrintStream output, PrintStream errors) {
        this.bootstrap = bootstrap;
        this.model = model;
        this.output = output;
        this.errors = errors;
    }

    /** Returns the failure of the command; empty for success, and for a server that has started. */
    Optional<Throwable> run(String... arguments) {
        ByteArrayOutputStream complaint = new ByteArrayOutputStream();
        Optional<Throwable> failure = new Cli(new JarLocation(getClass()), bootstrap, output, complaint).run(arguments);
        if (failure.isPresent() && failure.get() instanceof ArgumentParserException wrong) {
            Optional<String> advice = wrong instanceof UnrecognizedArgumentException
                    ? UnknownOption.advice(model, arguments)
                    : Optional.empty();
            errors.println(advice.orElse(wrong.getMessage()));
            errors.println("see: " + CALL + command(arguments) + "--help");
        } else {
            errors.writeBytes(complaint.toByteArray());
        }
        errors.flush();
        return failure;
    }

    private String command(String... arguments) {
        return bootstrap.getCommands().stream()
                        .anyMatch(command -> command.getName().equals(arguments[0]))
                ? arguments[0] + " "
                : "";
    }
}
