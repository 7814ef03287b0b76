package dev.tokenservice;

import dev.tokenservice.configuration.ConfigurationLoader;
import dev.tokenservice.configuration.ExitStatus;
import dev.tokenservice.files.UnusableFileException;
import dev.tokenservice.policy.Explanation;
import dev.tokenservice.policy.Policy;
import dev.tokenservice.policy.PolicyContext;
import dev.tokenservice.policy.PolicyFile;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.Command;
import io.dropwizard.core.setup.Bootstrap;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.function.BooleanSupplier;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jspecify.annotations.Nullable;

/** {@code policy check | show | explain | test | replay}: what a policy file says, without a service that runs. */
final class PolicyCommand extends Command {

    private final ConfigurationLoader<TokenServiceConfiguration> loader;
    private final Clock clock;
    private final PrintStream output;

    /**
     * Takes the same dependencies as the service itself.
     *
     * @param loader makes the configuration that a policy stands beside
     * @param output where the answer goes
     */
    PolicyCommand(ConfigurationLoader<TokenServiceConfiguration> loader, Clock clock, PrintStream output) {
        super(
                "policy",
                "Checks a policy file, shows the policy that is in force, explains it, tests it, or replays audit lines");
        this.loader = loader;
        this.clock = clock;
        this.output = output;
    }

    @Override
    public void configure(Subparser parser) {
        parser.help(getDescription());
        PolicyArguments.declare(parser);
    }

    /**
     * Runs one of the actions.
     *
     * @throws ExitStatus when the policy is not valid, or the certificate not accepted
     */
    @Override
    public void run(Bootstrap<?> bootstrap, Namespace namespace) throws IOException, ConfigurationException {
        @Nullable String file = namespace.getString(PolicyArguments.FILE);
        boolean good = switch (namespace.getString(PolicyArguments.ACTION)) {
            case "check" -> check(String.valueOf(file));
            case "explain" -> explain(bootstrap, Path.of(String.valueOf(file)), namespace);
            case "test" -> test(bootstrap, Path.of(String.valueOf(file)), namespace);
            case "replay" -> replay(bootstrap, Path.of(String.valueOf(file)), namespace);
            default -> show(bootstrap, file);
        };
        output.flush();
        if (!good) {
            throw new ExitStatus(ExitStatus.FAILED);
        }
    }

    private boolean check(String file) {
        return orProblems(() -> {
            Policy policy = new PolicyFile(Path.of(file), PolicyContext.NONE, clock).get();
            output.println(file + " is valid: generation " + policy.generation() + ", authorities "
                    + (policy.hasAuthorities() ? String.join(", ", policy.names()) : "as the settings say"));
            policy.warnings().forEach(warning -> output.println("warning: " + warning));
            return true;
        });
    }

    private PolicyTrials trials(Bootstrap<?> bootstrap) throws IOException, ConfigurationException {
        TokenServiceConfiguration configuration = loader.load(bootstrap, null);
        return new PolicyTrials(PolicyContext.NONE, configuration.authentication.clientChecks(), clock, output);
    }

    private boolean explain(Bootstrap<?> bootstrap, Path file, Namespace namespace)
            throws IOException, ConfigurationException {
        PolicyTrials trials = trials(bootstrap);
        List<Path> certificates = PolicyArguments.certificates(namespace);
        Explanation.Asked asked = PolicyArguments.asked(namespace);
        return orProblems(() -> trials.explain(file, certificates, asked));
    }

    private boolean test(Bootstrap<?> bootstrap, Path file, Namespace namespace)
            throws IOException, ConfigurationException {
        PolicyTrials trials = trials(bootstrap);
        Path cases = Path.of(namespace.getString(PolicyArguments.CASES));
        return orProblems(() -> trials.test(file, cases, namespace.getBoolean(PolicyArguments.JSON)));
    }

    private boolean replay(Bootstrap<?> bootstrap, Path file, Namespace namespace)
            throws IOException, ConfigurationException {
        PolicyTrials trials = trials(bootstrap);
        Path audit = Path.of(namespace.getString(PolicyArguments.AUDIT));
        return orProblems(() -> {
            trials.replay(audit, file);
            return true;
        });
    }

    /** What an action says; else why a file cannot be used. */
    private boolean orProblems(BooleanSupplier action) {
        try {
            return action.getAsBoolean();
        } catch (UnusableFileException e) {
            output.println(String.valueOf(e.getMessage()).strip());
            return false;
        }
    }

    private boolean show(Bootstrap<?> bootstrap, @Nullable String file) throws IOException, ConfigurationException {
        TokenServiceConfiguration configuration = loader.load(bootstrap, file);
        output.print(
                configuration.authentication.policy(configuration.tokens(clock)).text());
        return true;
    }

    @Override
    public void onError(Cli cli, Namespace namespace, Throwable failure) {
        if (failure instanceof ConfigurationException) {
            cli.getStdErr().println(failure.getMessage());
        } else if (!(failure instanceof ExitStatus)) {
            super.onError(cli, namespace, failure);
        }
    }
}
