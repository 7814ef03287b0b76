package dev.tokenservice.signing;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tokenservice.configuration.ConfigurationLoader;
import dev.tokenservice.configuration.ConfigurationModel;
import dev.tokenservice.configuration.ExitStatus;
import dev.tokenservice.configuration.Overrides;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.Command;
import io.dropwizard.core.setup.Bootstrap;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/**
 * {@code issuer export DIR}: writes the documents of the issuer to files. A file server, bucket or CDN can then publish them
 * for a service that relying parties cannot reach.
 *
 * @param <T> the configuration's class
 */
public final class IssuerCommand<T> extends Command {

    private static final String DIR = "dir";
    private static final String CONFIG = "config";

    private final ConfigurationModel<T> model;
    private final Function<T, IssuerDocuments> documents;
    private final Overrides overrides;
    private final PrintStream output;
    private final PrintStream errors;

    /**
     * Creates the command.
     *
     * @param documents returns the documents of a configuration; its exceptions have a message for operators
     * @param overrides override the configuration file
     */
    public IssuerCommand(
            ConfigurationModel<T> model,
            Function<T, IssuerDocuments> documents,
            Overrides overrides,
            PrintStream output,
            PrintStream errors) {
        super("issuer", "Writes what the issuer publishes as files: export");
        this.model = model;
        this.documents = documents;
        this.overrides = overrides;
        this.output = output;
        this.errors = errors;
    }

    @Override
    public void configure(Subparser parser) {
        parser.help(getDescription());
        Subparser export = parser.addSubparsers()
                .dest("action")
                .metavar("ACTION")
                .addParser("export")
                .help("writes .well-known/jwks.json, openid-configuration and oauth-authorization-server");
        export.addArgument(DIR)
                .metavar("DIR")
                .help("the folder for the files, to upload to a file server, a bucket or a CDN");
        export.addArgument("--config")
                .dest(CONFIG)
                .metavar("FILE")
                .help("configuration file (default: the one in the jar)");
        parser.epilog("Set TOKEN_ISSUER. The command reads the variables of the service. Exit status: 0 written, 1 "
                + "not written, "
                + "64 wrong arguments. Example: java -jar token-service.jar issuer export public");
    }

    /**
     * Writes the files, and prints their names.
     *
     * @throws ExitStatus with {@link ExitStatus#FAILED} if TOKEN_ISSUER is not set, or a file cannot be written
     */
    @Override
    public void run(Bootstrap<?> bootstrap, Namespace arguments) throws IOException, ConfigurationException {
        T configuration = new ConfigurationLoader<>(model, overrides).load(bootstrap, arguments.getString(CONFIG));
        Path folder = Path.of(arguments.getString(DIR));
        try {
            export(documents.apply(configuration), bootstrap.getObjectMapper(), folder);
        } catch (IOException e) {
            errors.println("cannot write to " + folder + ", check its owner and permissions: " + e);
            throw new ExitStatus(ExitStatus.FAILED);
        } finally {
            output.flush();
        }
    }

    private void export(IssuerDocuments issuer, ObjectMapper mapper, Path folder) throws IOException {
        if (issuer.issuer().isEmpty()) {
            errors.println("TOKEN_ISSUER is not set: set it to the issuer URL, which the documents contain");
            throw new ExitStatus(ExitStatus.FAILED);
        }
        for (Map.Entry<String, byte[]> document : issuer.byPath(mapper).entrySet()) {
            Path file = folder.resolve(document.getKey().substring(1));
            Path parent = Objects.requireNonNull(file.getParent());
            Files.createDirectories(parent);
            new AtomicFiles(parent, DiskOperations.ofPublicFiles())
                    .write(String.valueOf(file.getFileName()), document.getValue());
            output.println(file);
        }
        if (issuer.keys().isEmpty()) {
            output.println("Google publishes the keys, at " + issuer.jwksUri().orElse(""));
        }
    }

    @Override
    public void onError(Cli cli, Namespace namespace, Throwable failure) {
        if (!(failure instanceof ExitStatus)) {
            errors.println(failure.getMessage());
        }
    }
}
