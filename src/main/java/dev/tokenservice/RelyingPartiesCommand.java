package dev.tokenservice;

import dev.tokenservice.configuration.ConfigurationLoader;
import dev.tokenservice.configuration.ExitStatus;
import dev.tokenservice.configuration.Suggestion;
import dev.tokenservice.files.UnusableFileException;
import dev.tokenservice.policy.RelyingParties;
import dev.tokenservice.policy.RelyingParty;
import dev.tokenservice.policy.RelyingPartyReport;
import dev.tokenservice.policy.TokenSettings;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.Command;
import io.dropwizard.core.setup.Bootstrap;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jspecify.annotations.Nullable;

/** {@code relying-parties show}: what each of them takes, and what to enter on its side. */
final class RelyingPartiesCommand extends Command {

    private static final String NAME = "name";
    private static final String CONFIG = "config";

    private final ConfigurationLoader<TokenServiceConfiguration> loader;
    private final Clock clock;
    private final PrintStream output;

    /**
     * Takes the same dependencies as the service itself.
     *
     * @param loader makes the configuration, in which the policy is named
     * @param output where the answer goes
     */
    RelyingPartiesCommand(ConfigurationLoader<TokenServiceConfiguration> loader, Clock clock, PrintStream output) {
        super("relying-parties", "Shows the limits of relying parties, and what to enter on their side: show");
        this.loader = loader;
        this.clock = clock;
        this.output = output;
    }

    @Override
    public void configure(Subparser parser) {
        parser.help(getDescription());
        Subparser show = parser.addSubparsers()
                .dest("action")
                .metavar("ACTION")
                .addParser("show")
                .help("shows the relying parties of the policy, or without a policy those of the settings");
        show.addArgument(NAME)
                .nargs("?")
                .metavar("NAME")
                .help("a relying party, or a profile such as aws (default: all relying parties)");
        show.addArgument("--config")
                .dest(CONFIG)
                .metavar("FILE")
                .help("configuration file (default: the one in the jar)");
        parser.epilog(
                "The command reads the variables of the service, such as POLICY. Exit status: 0 shown, 1 not, 64 wrong "
                        + "arguments. Example: POLICY=policy.yml java -jar token-service.jar relying-parties show aws");
    }

    /**
     * Shows them.
     *
     * @throws ExitStatus when there is none of the name, or the policy is not valid
     */
    @Override
    public void run(Bootstrap<?> bootstrap, Namespace arguments) throws IOException, ConfigurationException {
        TokenServiceConfiguration configuration = loader.load(bootstrap, arguments.getString(CONFIG));
        TokenSettings settings = configuration.tokens(clock);
        RelyingPartyReport report = new RelyingPartyReport(settings, configuration.token.validity());
        try {
            List<RelyingParty> chosen =
                    chosen(parties(configuration, settings), Optional.ofNullable(arguments.getString(NAME)));
            for (int i = 0; i < chosen.size(); i++) {
                output.print(i == 0 ? "" : "\n");
                report.lines(chosen.get(i)).forEach(output::println);
            }
        } catch (UnusableFileException e) {
            output.println(String.valueOf(e.getMessage()).strip());
            throw new ExitStatus(ExitStatus.FAILED);
        } finally {
            output.flush();
        }
    }

    private RelyingParties parties(TokenServiceConfiguration configuration, TokenSettings settings) {
        return configuration
                .authentication
                .policy(settings)
                .relyingParties(clock)
                .orElseGet(configuration.audiences()::relyingParties);
    }

    private List<RelyingParty> chosen(RelyingParties parties, Optional<String> name) {
        if (name.isEmpty()) {
            if (parties.names().isEmpty()) {
                output.println("no relying party is configured: set POLICY, or TOKEN_AUDIENCE");
                throw new ExitStatus(ExitStatus.FAILED);
            }
            return parties.all();
        }
        return parties.named(name.get())
                .or(() -> RelyingPartyReport.ofKind(name.get()))
                .map(List::of)
                .orElseThrow(() -> {
                    output.println("the relying party " + name.get() + " is unknown; known: "
                            + String.join(", ", parties.names()) + Suggestion.among(parties.names(), name.get()));
                    return new ExitStatus(ExitStatus.FAILED);
                });
    }

    @Override
    public void onError(Cli cli, @Nullable Namespace namespace, Throwable failure) {
        if (failure instanceof ConfigurationException) {
            cli.getStdErr().println(failure.getMessage());
        } else if (!(failure instanceof ExitStatus)) {
            super.onError(cli, namespace, failure);
        }
    }
}
