package dev.tokenservice;

import dev.tokenservice.configuration.ConfigurationLoader;
import dev.tokenservice.doctor.Finding;
import dev.tokenservice.doctor.StartWarnings;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.Command;
import io.dropwizard.core.setup.Bootstrap;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Clock;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jspecify.annotations.Nullable;

/**
 * {@code check [config.yml]}: says whether the service would start with this file and this environment, and what would run.
 * Opens no port, makes no call, and writes no file.
 */
final class CheckCommand extends Command {

    private static final String FILE = "file";

    private final ConfigurationLoader<TokenServiceConfiguration> loader;
    private final Clock clock;
    private final PrintStream output;

    /**
     * Takes the same dependencies as the service itself.
     *
     * @param loader makes the configuration that is checked
     * @param output where the answer goes
     */
    CheckCommand(ConfigurationLoader<TokenServiceConfiguration> loader, Clock clock, PrintStream output) {
        super("check", "Checks the configuration and the files that it names, and says what would run");
        this.loader = loader;
        this.clock = clock;
        this.output = output;
    }

    @Override
    public void configure(Subparser parser) {
        parser.help(getDescription());
        parser.addArgument(FILE).nargs("?").help("configuration file (default: the one in the jar)");
        parser.epilog("Exit status: 0 the service would start, 1 it would not, 64 wrong arguments. "
                + "Example: java -jar token-service.jar check config.yml");
    }

    @Override
    public void run(Bootstrap<?> bootstrap, Namespace namespace) throws IOException, ConfigurationException {
        StartWarnings.ofVariables(loader.model(), loader.overrides()).forEach(this::warn);
        @Nullable String file = namespace.getString(FILE);
        TokenServiceConfiguration configuration = loader.load(bootstrap, file, valid -> StartProblems.of(valid, clock));
        output.println(
                Summary.source(file, loader.overrides().names(loader.model())) + " is valid; the service would run:");
        Summary.of(configuration).forEach((name, value) -> output.printf("  %-10s %s%n", name, value));
        new StartWarnings(configuration.sections()).all().forEach(this::warn);
        output.flush();
    }

    private void warn(Finding warning) {
        output.println("warning: " + warning.line());
        output.flush();
    }

    @Override
    public void onError(Cli cli, Namespace namespace, Throwable failure) {
        if (failure instanceof ConfigurationException) {
            cli.getStdErr().println(failure.getMessage());
        } else {
            super.onError(cli, namespace, failure);
        }
    }
}
