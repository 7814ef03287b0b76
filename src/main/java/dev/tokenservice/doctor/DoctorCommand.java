package dev.tokenservice.doctor;

import dev.tokenservice.configuration.ConfigurationLoader;
import dev.tokenservice.configuration.ConfigurationModel;
import dev.tokenservice.configuration.ExitStatus;
import dev.tokenservice.configuration.Overrides;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.Command;
import io.dropwizard.core.setup.Bootstrap;
import java.io.PrintStream;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;
import net.sourceforge.argparse4j.impl.Arguments;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jspecify.annotations.Nullable;

/**
 * {@code doctor [--strict] [--json] [--relying-party NAME] [config.yml|URL]}: runs every check that can be run from where the service is, or, with a URL, from where
 * its clients are, and tells what it found, each with the evidence and a remedy. The exit status tells the worst finding.
 *
 * @param <T> the configuration's class
 */
public final class DoctorCommand<T> extends Command {

    private static final String JSON = "json";
    private static final String STRICT = "strict";
    private static final String FILE = "file";
    private static final String RELYING_PARTY = "relyingParty";

    private final ConfigurationModel<T> model;
    private final Function<T, ConfigurationSections> settings;
    private final Overrides overrides;
    private final Clock clock;
    private final PrintStream output;

    /**
     * Takes the same dependencies as the service itself.
     *
     * @param settings the sections of a configuration
     * @param overrides the overrides of the file
     * @param output where the findings go
     */
    public DoctorCommand(
            ConfigurationModel<T> model,
            Function<T, ConfigurationSections> settings,
            Overrides overrides,
            Clock clock,
            PrintStream output) {
        super("doctor", "Checks everything that a running service needs, and names remedies");
        this.model = model;
        this.settings = settings;
        this.overrides = overrides;
        this.clock = clock;
        this.output = output;
    }

    @Override
    public void configure(Subparser parser) {
        parser.help(getDescription());
        parser.addArgument("--json")
                .dest(JSON)
                .action(Arguments.storeTrue())
                .help("write the findings as one JSON object");
        parser.addArgument("--strict")
                .dest(STRICT)
                .action(Arguments.storeTrue())
                .help("exit with status 1 if the worst finding is WARN");
        parser.addArgument("--relying-party")
                .dest(RELYING_PARTY)
                .metavar("NAME")
                .help("make a sample token only for this relying party (default: for all of the policy)");
        parser.addArgument(FILE)
                .metavar("FILE|URL")
                .nargs("?")
                .help(
                        "configuration file, to check on the machine of the service (default: the one in the jar); or the https URL of a "
                                + "service, which is its issuer, to check on the machine of a client");
        RemoteArguments.addTo(parser);
        parser.epilog(
                "Exit status: 0 nothing failed, 1 there is a WARN and --strict, 2 there is a FAIL, 64 wrong arguments. "
                        + "Examples: java -jar token-service.jar doctor --json config.yml; "
                        + "java -jar token-service.jar doctor https://tokens.example.com --cert client.pem --key client.key");
    }

    /**
     * Runs the checks.
     *
     * @throws ExitStatus when the worst finding is a failure, or with --strict a warning, or the arguments are wrong
     */
    @Override
    public void run(Bootstrap<?> bootstrap, Namespace namespace) {
        @Nullable String target = namespace.getString(FILE);
        RemoteArguments remote = new RemoteArguments(namespace);
        Findings findings = new Findings();
        Optional<String> party = Optional.ofNullable(namespace.getString(RELYING_PARTY));
        Optional<RemoteDoctor> outside = outside(target, party, remote);
        if (outside.isPresent()) {
            outside.get().examine(findings);
        } else {
            examine(bootstrap, target, party, findings);
        }
        print(
                new Report(findings.all()),
                namespace.getBoolean(JSON),
                Boolean.TRUE.equals(namespace.getBoolean(STRICT)));
    }

    private Optional<RemoteDoctor> outside(
            @Nullable String target, Optional<String> relyingParty, RemoteArguments remote) {
        try {
            if (target != null && RemoteArguments.isUrl(target)) {
                if (relyingParty.isPresent()) {
                    throw new IllegalArgumentException("--relying-party needs a configuration file, not a URL");
                }
                return Optional.of(remote.doctor(target, clock));
            }
            remote.expectNone();
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            throw new ExitStatus(ExitStatus.USAGE, "doctor: " + e.getMessage());
        }
    }

    private void examine(
            Bootstrap<?> bootstrap, @Nullable String file, Optional<String> relyingParty, Findings findings) {
        ConfigurationLoader<T> loader = new ConfigurationLoader<>(model, overrides);
        new ConfigurationCheck(model, overrides)
                .load(file, () -> loader.load(bootstrap, file), findings)
                .map(settings)
                .ifPresent(valid -> new Doctor(valid, relyingParty, clock).examine(findings));
    }

    private void print(Report report, boolean json, boolean strict) {
        output.print(json ? report.json() + System.lineSeparator() : report.text());
        output.flush();
        int status = status(report.worst(), strict);
        if (status != 0) {
            throw new ExitStatus(status);
        }
    }

    private static int status(Result worst, boolean strict) {
        if (worst == Result.FAIL) {
            return ExitStatus.WORST_FAILED;
        }
        return worst == Result.WARN && strict ? ExitStatus.FAILED : 0;
    }

    @Override
    public void onError(Cli cli, Namespace namespace, Throwable failure) {
        if (!(failure instanceof ExitStatus ended)) {
            super.onError(cli, namespace, failure);
        } else if (ended.status() == ExitStatus.USAGE) {
            cli.getStdErr().println(ended.getMessage());
        }
    }
}
