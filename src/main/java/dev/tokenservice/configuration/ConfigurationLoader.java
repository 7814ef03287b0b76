package dev.tokenservice.configuration;

import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.core.setup.Bootstrap;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes configurations for commands, in the way of the server.
 *
 * @param <T> the configuration's class
 * @param overrides the overrides of the file
 */
public record ConfigurationLoader<T>(ConfigurationModel<T> model, Overrides overrides) {

    /**
     * Makes one without a look at the files and addresses that it names.
     *
     * @param file the configuration file; null for the one in the jar
     * @throws ConfigurationException with everything that is wrong
     */
    public T load(Bootstrap<?> bootstrap, @Nullable String file) throws IOException, ConfigurationException {
        return load(bootstrap, file, configuration -> List.of());
    }

    /** The same, with what a configuration, which may have other problems, names and this machine does not have. */
    public T load(Bootstrap<?> bootstrap, @Nullable String file, Function<T, List<StartProblem>> machine)
            throws IOException, ConfigurationException {
        ServiceConfigurationFactory<T> factory = new ServiceConfigurationFactory<>(
                model, bootstrap.getValidatorFactory().getValidator(), bootstrap.getObjectMapper(), overrides, machine);
        return file == null ? factory.build() : factory.build(bootstrap.getConfigurationSourceProvider(), file);
    }
}
