package dev.tokenservice.signing;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.tokenservice.configuration.ConfigurationLoader;
import dev.tokenservice.configuration.ConfigurationModel;
import dev.tokenservice.configuration.ExitStatus;
import dev.tokenservice.configuration.Overrides;
import dev.tokenservice.files.UnusableFileException;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.Command;
import io.dropwizard.core.setup.Bootstrap;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/**
 * {@code keys generate | list | rotate | confirm | revoke | jwks DIR}: manages a folder of local signing keys.
 *
 * @param <T> the configuration's class
 */
public final class KeysCommand<T> extends Command {

    private static final Duration KEEP = Duration.ofDays(30);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** The actions that fail if the policy cannot be used. A revocation is too urgent to depend on it. */
    private static final List<String> NEED_POLICY = List.of("rotate", "confirm");

    private final ConfigurationModel<T> model;
    private final Function<T, KeySettings> settings;
    private final Overrides overrides;
    private final Clock clock;
    private final PrintStream output;
    private final PrintStream errors;

    /**
     * Creates the command.
     *
     * @param settings returns the settings of keys of a configuration
     * @param overrides override the configuration file
     */
    public KeysCommand(
            ConfigurationModel<T> model,
            Function<T, KeySettings> settings,
            Overrides overrides,
            Clock clock,
            PrintStream output,
            PrintStream errors) {
        super("keys", "Manages the folder of local signing keys: generate, list, rotate, confirm, revoke, jwks");
        this.model = model;
        this.settings = settings;
        this.overrides = overrides;
        this.clock = clock;
        this.output = output;
        this.errors = errors;
    }

    @Override
    public void configure(Subparser parser) {
        parser.help(getDescription());
        KeysArguments.configure(parser);
    }

    /**
     * Runs an action.
     *
     * @throws ExitStatus if the action failed, or could not be checked
     */
    @Override
    public void run(Bootstrap<?> bootstrap, Namespace arguments) throws IOException, ConfigurationException {
        try {
            run(
                    bootstrap,
                    arguments,
                    settings.apply(new ConfigurationLoader<>(model, overrides)
                            .load(bootstrap, arguments.getString(KeysArguments.CONFIG))));
        } catch (KeysException e) {
            errors.println(e.getMessage());
            throw new ExitStatus(e.status());
        } catch (UnusableFileException e) {
            errors.println(e.getMessage());
            throw new ExitStatus(ExitStatus.FAILED);
        } catch (IOException e) {
            errors.println("cannot read or change " + arguments.getString(KeysArguments.DIR)
                    + ", check its owner and permissions: " + e);
            throw new ExitStatus(ExitStatus.FAILED);
        } finally {
            output.flush();
            errors.flush();
        }
    }

    private void run(Bootstrap<?> bootstrap, Namespace arguments, KeySettings settings) throws IOException {
        if (settings.usesToken()) {
            throw new KeysException("SIGNING_PKCS11 is set, and this command does not manage the keys of a token: see "
                    + "docs/keys.md, or unset it to manage a folder");
        }
        Path folder = Path.of(arguments.getString(KeysArguments.DIR));
        String action = arguments.getString(KeysArguments.ACTION);
        KeySettings of =
                NEED_POLICY.contains(action) ? settings.withPolicy() : settings.withPolicyOrNot(errors::println);
        switch (action) {
            case "list" -> list(folder, of, arguments.getBoolean("json"));
            case "jwks" -> jwks(bootstrap, folder, of);
            case "generate" -> {
                Files.createDirectories(folder, DiskOperations.PRIVATE_FOLDER);
                change(
                        folder,
                        of,
                        commands -> commands.generate(Optional.ofNullable(arguments.getString("algorithm"))
                                .orElse(of.algorithm())));
            }
            case "rotate" -> change(folder, of, commands -> commands.rotate(rotation(arguments)));
            case "confirm" ->
                change(
                        folder,
                        of,
                        commands -> commands.confirm(arguments.getString("kid"), arguments.getString("relyingParty")));
            default ->
                change(
                        folder,
                        of,
                        commands -> commands.revoke(arguments.getString("kid"), arguments.getBoolean("trust")));
        }
    }

    private static KeyCommands.Rotation rotation(Namespace arguments) {
        return new KeyCommands.Rotation(
                Optional.ofNullable(arguments.get("every")),
                Optional.<Duration>ofNullable(arguments.get("keep")).orElse(KEEP),
                PublicCopy.at(Optional.ofNullable(arguments.getString("published")))::shows);
    }

    private interface Change {
        void to(KeyCommands commands) throws IOException;
    }

    private void change(Path folder, KeySettings of, Change change) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new KeysException(folder + " is not a folder");
        }
        try (FolderLock lock = FolderLock.take(folder, PATIENCE)) {
            KeyStock stock = new KeyStock(folder, of, DiskOperations.ofPrivateFiles(), clock);
            stock.deleteUnfinished();
            Lines lines = new Lines(output);
            change.to(new KeyCommands(stock, of, lines::add));
            lines.end();
        }
    }

    private void list(Path folder, KeySettings of, boolean json) {
        KeyRing ring = new KeyFolder(folder, of.files(), clock).read();
        KeyList list = new KeyList(view(ring, of), of.periods());
        if (json) {
            output.println(list.json(ring.problems()));
        } else {
            output.print(list.text());
            ring.problems().forEach(errors::println);
        }
        if (!ring.problems().isEmpty()) {
            throw new ExitStatus(ExitStatus.FAILED);
        }
    }

    private RingView view(KeyRing ring, KeySettings of) {
        return ring.at(clock.instant(), of.periods(), of.uploaded(ring));
    }

    private void jwks(Bootstrap<?> bootstrap, Path folder, KeySettings of) throws JsonProcessingException {
        KeyRing ring = new KeyFolder(folder, of.files(), clock).read();
        if (!ring.problems().isEmpty()) {
            throw new KeysException(String.join("; ", ring.problems()));
        }
        List<Map<String, Object>> keys = view(ring, of).published().stream()
                .map(key -> key.key().publicJwk())
                .toList();
        output.println(bootstrap.getObjectMapper().writeValueAsString(Map.of("keys", keys)));
    }

    @Override
    public void onError(Cli cli, Namespace namespace, Throwable failure) {
        if (failure instanceof ConfigurationException) {
            errors.println(failure.getMessage());
        } else if (!(failure instanceof ExitStatus)) {
            super.onError(cli, namespace, failure);
        }
    }

    /** Prints the lines of an action. Prints that nothing was due if there was no line. */
    private static final class Lines {

        private final PrintStream output;
        private boolean any;

        Lines(PrintStream output) {
            this.output = output;
        }

        void add(String line) {
            any = true;
            output.println(line);
        }

        void end() {
            if (!any) {
                output.println("nothing was due");
            }
        }
    }
}
