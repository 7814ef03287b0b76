package dev.tokenservice.doctor;

import dev.tokenservice.configuration.ExitStatus;
import dev.tokenservice.configuration.ServiceConfigurationFactory;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.Command;
import io.dropwizard.core.setup.Bootstrap;
import java.io.PrintStream;
import java.time.Clock;
import java.util.Map;
import java.util.function.Function;
import net.sourceforge.argparse4j.impl.Arguments;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jspecify.annotations.Nullable;

/**
 * {@code doctor [--json] [config.yml]}: runs every check that can be run from where the service is, and tells what it found,
 * each with the evidence and a remedy. The exit status is that of the worst finding.
 *
 * @param <T> the configuration's class
 */
public final class DoctorCommand<T> extends Command {

    private static final String JSON = "json";
    private static final String FILE = "file";

    private final Class<T> type;
    private final Function<T, Settings> settings;
    private final Map<String, String> environment;
    private final Clock clock;
    private final PrintStream output;

    /**
     * Takes what the service itself starts with.
     *
     * @param settings the sections of a configuration
     * @param environment the environment variables
     * @param output where the findings go
     */
    public DoctorCommand(
            Class<T> type,
            Function<T, Settings> settings,
            Map<String, String> environment,
            Clock clock,
            PrintStream output) {
        super("doctor", "Looks into everything that a running service needs, and names remedies");
        this.type = type;
        this.settings = settings;
        this.environment = Map.copyOf(environment);
        this.clock = clock;
        this.output = output;
    }

    @Override
    public void configure(Subparser parser) {
        parser.addArgument("--json")
                .dest(JSON)
                .action(Arguments.storeTrue())
                .help("write the findings as one JSON object");
        parser.addArgument(FILE).nargs("?").help("configuration file; without it the one in the jar");
        parser.epilog("Exit status: 0 all is well, 1 the worst finding is WARN, 2 it is FAIL, 64 wrong arguments.");
    }

    /**
     * Runs the checks.
     *
     * @throws ExitStatus when the worst finding is not OK
     */
    @Override
    public void run(Bootstrap<?> bootstrap, Namespace namespace) {
        @Nullable String file = namespace.getString(FILE);
        ServiceConfigurationFactory<T> factory = new ServiceConfigurationFactory<>(
                type, bootstrap.getValidatorFactory().getValidator(), bootstrap.getObjectMapper(), environment);
        ConfigurationCheck configuration = new ConfigurationCheck(environment.keySet());
        Findings findings = new Findings();
        try (Warnings warnings = new Warnings()) {
            configuration
                    .load(
                            file,
                            () -> file == null
                                    ? factory.build()
                                    : factory.build(bootstrap.getConfigurationSourceProvider(), file),
                            findings)
                    .map(settings)
                    .ifPresent(valid -> new Doctor(valid, clock, warnings).examine(findings));
        }
        Report report = new Report(findings.all());
        output.print(namespace.getBoolean(JSON) ? report.json() + System.lineSeparator() : report.text());
        output.flush();
        if (report.worst().exitStatus() != 0) {
            throw new ExitStatus(report.worst().exitStatus());
        }
    }

    @Override
    public void onError(Cli cli, Namespace namespace, Throwable failure) {
        if (!(failure instanceof ExitStatus)) {
            super.onError(cli, namespace, failure);
        }
    }
}
