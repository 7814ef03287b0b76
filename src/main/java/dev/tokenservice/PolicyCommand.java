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
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import net.sourceforge.argparse4j.impl.Arguments;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import net.sourceforge.argparse4j.inf.Subparsers;
import org.jspecify.annotations.Nullable;

/** {@code policy check | show | explain | test | replay}: what a policy file says, without a service that runs. */
final class PolicyCommand extends Command {

    private static final String ACTION = "action";
    private static final String FILE = "file";
    private static final String CERTIFICATE = "certificate";
    private static final String CHAIN = "chain";
    private static final String FLOW = "flow";
    private static final String AUDIENCE = "audience";
    private static final String RELYING_PARTY = "relyingParty";
    private static final String SCOPE = "scope";
    private static final String SERVICE_ACCOUNT = "serviceAccount";
    private static final String CASES = "cases";
    private static final String JSON = "json";
    private static final String AUDIT = "audit";

    private final ConfigurationLoader<TokenServiceConfiguration> loader;
    private final Clock clock;
    private final PrintStream output;

    /**
     * Takes what the service itself starts with.
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
        Subparsers actions =
                parser.addSubparsers().dest(ACTION).metavar("ACTION").title("actions");
        Subparser check = actions.addParser("check").help("reads a policy file and every file that it names");
        check.addArgument(FILE).metavar("FILE");
        Subparser show = actions.addParser("show").help("prints the policy that is in force, to be saved and changed");
        show.addArgument(FILE).nargs("?").metavar("CONFIG").help("config.yml; without it the one in the jar");
        Subparser explain = actions.addParser("explain").help("says what a policy makes of a client certificate");
        explain.addArgument(FILE).metavar("FILE");
        explain.addArgument("--certificate").dest(CERTIFICATE).required(true).metavar("PEM");
        explain.addArgument("--chain").dest(CHAIN).metavar("PEM").help("the certificates that the client sends along");
        explain.addArgument("--" + FLOW).dest(FLOW).metavar("FLOW").help("by which the client comes");
        explain.addArgument("--" + AUDIENCE).dest(AUDIENCE).metavar("AUDIENCE");
        explain.addArgument("--relying-party").dest(RELYING_PARTY).metavar("NAME");
        explain.addArgument("--" + SCOPE).dest(SCOPE).metavar("SCOPES").help("separated by spaces");
        explain.addArgument("--service-account").dest(SERVICE_ACCOUNT).metavar("EMAIL");
        Subparser test = actions.addParser("test").help("holds a policy to the cases of a file");
        test.addArgument(FILE).metavar("FILE");
        test.addArgument(CASES).metavar("CASES");
        test.addArgument("--" + JSON).dest(JSON).action(Arguments.storeTrue());
        Subparser replay = actions.addParser("replay").help("says who would gain or lose what since the audit lines");
        replay.addArgument(AUDIT).metavar("AUDIT");
        replay.addArgument(FILE).metavar("FILE");
        parser.epilog(
                "explain and test take CLIENT_ID, MTLS_HEADER_CLIENT_ID and DENIED_CERTIFICATES from the environment. "
                        + "Exit status: 0 the policy is valid, and the client gets the token or all cases pass; 1 not; 3 some "
                        + "audit lines could not be judged; 64 wrong arguments. "
                        + "Example: java -jar token-service.jar policy explain policy.yml --certificate client.pem");
    }

    /**
     * Runs one of the actions.
     *
     * @throws ExitStatus when the policy is not valid, or the certificate not accepted
     */
    @Override
    public void run(Bootstrap<?> bootstrap, Namespace namespace) throws IOException, ConfigurationException {
        @Nullable String file = namespace.getString(FILE);
        boolean good = switch (namespace.getString(ACTION)) {
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
        List<Path> certificates = Stream.of(CERTIFICATE, CHAIN)
                .flatMap(option -> option(namespace, option).stream())
                .map(Path::of)
                .toList();
        Explanation.Asked asked = new Explanation.Asked(
                option(namespace, FLOW),
                option(namespace, AUDIENCE),
                option(namespace, RELYING_PARTY),
                option(namespace, SCOPE).stream()
                        .flatMap(scopes -> Stream.of(scopes.split(" ", -1)))
                        .filter(scope -> !scope.isEmpty())
                        .toList(),
                option(namespace, SERVICE_ACCOUNT));
        return orProblems(() -> trials.explain(file, certificates, asked));
    }

    private static Optional<String> option(Namespace namespace, String name) {
        return Optional.ofNullable(namespace.getString(name));
    }

    private boolean test(Bootstrap<?> bootstrap, Path file, Namespace namespace)
            throws IOException, ConfigurationException {
        PolicyTrials trials = trials(bootstrap);
        Path cases = Path.of(namespace.getString(CASES));
        return orProblems(() -> trials.test(file, cases, namespace.getBoolean(JSON)));
    }

    private boolean replay(Bootstrap<?> bootstrap, Path file, Namespace namespace)
            throws IOException, ConfigurationException {
        PolicyTrials trials = trials(bootstrap);
        Path audit = Path.of(namespace.getString(AUDIT));
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
