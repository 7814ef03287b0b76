package dev.tokenservice;

import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ServerCommand;
import net.sourceforge.argparse4j.inf.Namespace;

/** Starts the server; what keeps it from starting and has an explanation is told in a line, without a stack trace. */
final class ServeCommand extends ServerCommand<TokenServiceConfiguration> {

    ServeCommand(TokenServiceApplication application) {
        super(application);
    }

    @Override
    public void onError(Cli cli, Namespace namespace, Throwable failure) {
        if (failure instanceof ConfigurationException || isOurs(failure)) {
            cli.getStdErr().println(failure.getMessage());
        } else {
            super.onError(cli, namespace, failure);
        }
    }

    private static boolean isOurs(Throwable failure) {
        return failure.getClass().getPackageName().startsWith(ServeCommand.class.getPackageName());
    }
}
