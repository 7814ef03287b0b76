package dev.tokenservice.configuration;

import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.Command;
import io.dropwizard.core.setup.Bootstrap;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/**
 * {@code validate FILE...}: validates configuration files, files of variables and manifests as a start would, and starts
 * nothing. Looks at no environment variable of its own process.
 *
 * @param <T> the configuration's class
 */
public final class ValidateCommand<T> extends Command {

    private static final String FILES = "files";

    private final Class<T> type;
    private final PrintStream output;

    /** Takes where the problems go. */
    public ValidateCommand(Class<T> type, PrintStream output) {
        super("validate", "Validates config.yml, env files and Cloud Run or Kubernetes manifests, and starts nothing");
        this.type = type;
        this.output = output;
    }

    @Override
    public void configure(Subparser parser) {
        parser.addArgument(FILES).nargs("+").metavar("FILE").help("what kind of file it is, its content tells");
        parser.epilog("Exit status: 0 all files are valid, 1 they are not, 64 wrong arguments.");
    }

    /**
     * Validates, and writes a line for each problem: the file, the setting, what is wrong.
     *
     * @throws ExitStatus when there is any problem
     */
    @Override
    public void run(Bootstrap<?> bootstrap, Namespace namespace) {
        FileValidation validation = new FileValidation(new FileValidation.Loader() {
            @Override
            public void file(String file) throws IOException, ConfigurationException {
                factory(bootstrap, Map.of()).build(bootstrap.getConfigurationSourceProvider(), file);
            }

            @Override
            public void environment(Map<String, String> environment) throws IOException, ConfigurationException {
                factory(bootstrap, environment).build();
            }
        });
        boolean valid = true;
        for (String file : namespace.<String>getList(FILES)) {
            List<String> problems = validation.problems(file);
            problems.forEach(problem -> output.println(file + ":" + problem));
            valid &= problems.isEmpty();
        }
        output.flush();
        if (!valid) {
            throw new ExitStatus(1);
        }
    }

    private ServiceConfigurationFactory<T> factory(Bootstrap<?> bootstrap, Map<String, String> environment) {
        return new ServiceConfigurationFactory<>(
                type, bootstrap.getValidatorFactory().getValidator(), bootstrap.getObjectMapper(), environment);
    }

    @Override
    public void onError(Cli cli, Namespace namespace, Throwable failure) {
        if (!(failure instanceof ExitStatus)) {
            super.onError(cli, namespace, failure);
        }
    }
}
