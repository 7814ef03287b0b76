package dev.tokenservice.configuration;

import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.Command;
import io.dropwizard.core.setup.Bootstrap;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/**
 * {@code validate FILE...}: validates configuration files, files of variables and manifests as at start-up, and starts
 * nothing. Looks at no environment variable of its own process.
 *
 * @param <T> the configuration's class
 */
public final class ValidateCommand<T> extends Command {

    private static final String FILES = "files";
    private static final Pattern FILE_NAME = Pattern.compile("[^.].*\\.(?:yaml|yml|env|service)");
    private static final int MAX_DEPTH = 8;

    private final ConfigurationModel<T> model;
    private final PolicyJudge<T> policies;
    private final PrintStream output;

    public ValidateCommand(ConfigurationModel<T> model, PolicyJudge<T> policies, PrintStream output) {
        super(
                "validate",
                "Validates config.yml, env files, policies and Cloud Run or Kubernetes manifests, and starts nothing");
        this.model = model;
        this.policies = policies;
        this.output = output;
    }

    @Override
    public void configure(Subparser parser) {
        parser.help(getDescription());
        parser.addArgument(FILES)
                .nargs("+")
                .metavar("FILE")
                .help("files, or folders of files; the content of a file decides its kind");
        parser.epilog("Exit status: 0 all files are valid, 1 they are not, 3 something could not be checked, "
                + "64 wrong arguments. "
                + "Example: java -jar token-service.jar validate config.yml service.env");
    }

    /**
     * Validates, and writes a line for each problem: the file, the setting, what is wrong.
     *
     * @throws ExitStatus when there is any problem
     */
    @Override
    public void run(Bootstrap<?> bootstrap, Namespace namespace) {
        FileValidation validation = new FileValidation(model, loader(bootstrap));
        List<Remark> remarks = validation.remarks(files(namespace.getList(FILES)));
        remarks.forEach(remark -> output.println(remark.file() + ":" + remark.text()));
        output.flush();
        if (remarks.stream().anyMatch(Remark::wrong)) {
            throw new ExitStatus(ExitStatus.FAILED);
        }
        if (!remarks.isEmpty()) {
            throw new ExitStatus(ExitStatus.NOT_JUDGED);
        }
    }

    private ValidationLoader loader(Bootstrap<?> bootstrap) {
        return new ValidationLoader() {
            @Override
            public Optional<String> file(String file) throws IOException, ConfigurationException {
                return policies.policyOf(read(bootstrap, file));
            }

            @Override
            public void environment(Map<String, String> environment) throws IOException, ConfigurationException {
                factory(bootstrap, environment).build();
            }

            @Override
            public PolicyJudge.Verdict policy(Optional<Map<String, String>> environment, Path root, String file) {
                return policies.judge(
                        environment.flatMap(
                                set -> valid(() -> factory(bootstrap, set).build())),
                        root,
                        file);
            }

            @Override
            public PolicyJudge.Verdict policyBeside(String configuration, Path root, String file) {
                return policies.judge(valid(() -> read(bootstrap, configuration)), root, file);
            }
        };
    }

    private T read(Bootstrap<?> bootstrap, String file) throws IOException, ConfigurationException {
        return factory(bootstrap, Map.of()).build(bootstrap.getConfigurationSourceProvider(), file);
    }

    /** A configuration; empty if it is not valid, which is told elsewhere. */
    private static <T> Optional<T> valid(ConfigurationReading<T> reading) {
        try {
            return Optional.of(reading.read());
        } catch (IOException | ConfigurationException e) {
            return Optional.empty();
        }
    }

    /** Returns the files that are named, and those for the service in the folders that are. */
    private List<ValidatedFile> files(List<String> names) {
        List<ValidatedFile> files = new ArrayList<>();
        for (String name : names) {
            if (new File(name).isDirectory()) {
                inFolder(Path.of(name)).filter(file -> file.isOurs(model)).forEach(files::add);
            } else {
                files.add(ValidatedFile.read(name));
            }
        }
        return files;
    }

    private static Stream<ValidatedFile> inFolder(Path folder) {
        try (Stream<Path> walk = Files.walk(folder, MAX_DEPTH)) {
            return walk
                    .filter(file -> FILE_NAME
                            .matcher(String.valueOf(file.getFileName()))
                            .matches())
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList()
                    .stream()
                    .map(file -> ValidatedFile.read(file.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ServiceConfigurationFactory<T> factory(Bootstrap<?> bootstrap, Map<String, String> environment) {
        return new ServiceConfigurationFactory<>(
                model, bootstrap.getValidatorFactory().getValidator(), bootstrap.getObjectMapper(), environment);
    }

    @Override
    public void onError(Cli cli, Namespace namespace, Throwable failure) {
        if (!(failure instanceof ExitStatus)) {
            super.onError(cli, namespace, failure);
        }
    }
}
