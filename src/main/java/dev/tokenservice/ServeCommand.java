package dev.tokenservice;

import com.google.common.base.Throwables;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ServerCommand;
import java.io.FileNotFoundException;
import java.net.BindException;
import net.sourceforge.argparse4j.inf.Namespace;

/** Starts the server; what keeps it from starting and has an explanation is told in a line, without a stack trace. */
final class ServeCommand extends ServerCommand<TokenServiceConfiguration> {

    ServeCommand(TokenServiceApplication application) {
        super(application);
    }

    @Override
    public void onError(Cli cli, Namespace namespace, Throwable failure) {
        if (failure instanceof ConfigurationException || failure instanceof FileNotFoundException || isOurs(failure)) {
            cli.getStdErr().println(failure.getMessage());
        } else if (Throwables.getRootCause(failure) instanceof BindException) {
            cli.getStdErr()
                    .println(Throwables.getCausalChain(failure).get(1).getMessage()
                            + ": the port is taken, or not allowed; set PORT, ADMIN_PORT, MTLS_PORT or ADMIN_HOST");
        } else {
            super.onError(cli, namespace, failure);
        }
    }

    private static boolean isOurs(Throwable failure) {
        return failure.getClass().getPackageName().startsWith(ServeCommand.class.getPackageName());
    }
}
