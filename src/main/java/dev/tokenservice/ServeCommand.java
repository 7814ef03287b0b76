package dev.tokenservice;

import com.google.common.base.Throwables;
import dev.tokenservice.telemetry.Build;
import dev.tokenservice.telemetry.LogLine;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ServerCommand;
import io.dropwizard.core.setup.Environment;
import java.net.BindException;
import java.util.SortedSet;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the server. Prints an expected failure as one line, without a stack trace. */
final class ServeCommand extends ServerCommand<TokenServiceConfiguration> {

    private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

    private final SortedSet<String> overriding;

    /**
     * Takes what the summary at start-up names.
     *
     * @param overriding the names of the variables and options that override the file
     */
    ServeCommand(TokenServiceApplication application, SortedSet<String> overriding) {
        super(application, "server", "Starts the service");
        this.overriding = overriding;
    }

    @Override
    protected void run(Environment environment, Namespace namespace, TokenServiceConfiguration configuration)
            throws Exception {
        Build build = Build.current();
        new LogLine(LOG.atInfo())
                .with("version", build.version())
                .with("commit", build.commit())
                .withAll(Summary.of(configuration))
                .with("configuration", Summary.source(namespace.getString("file"), overriding))
                .write("the service starts");
        super.run(environment, namespace, configuration);
    }

    @Override
    public void configure(Subparser parser) {
        super.configure(parser);
        parser.help(getDescription());
        parser.epilog("Example: PORT=8443 java -jar token-service.jar server config.yml");
    }

    @Override
    public void onError(Cli cli, Namespace namespace, Throwable failure) {
        if (failure instanceof ConfigurationException || isOurs(failure)) {
            cli.getStdErr().println(failure.getMessage());
        } else if (Throwables.getRootCause(failure) instanceof BindException) {
            cli.getStdErr()
                    .println(Throwables.getCausalChain(failure).get(1).getMessage()
                            + ": the port is taken, or not allowed; set PORT, ADMIN_PORT or MTLS_PORT");
        } else {
            super.onError(cli, namespace, failure);
        }
    }

    private static boolean isOurs(Throwable failure) {
        return failure.getClass().getPackageName().startsWith(ServeCommand.class.getPackageName());
    }
}
