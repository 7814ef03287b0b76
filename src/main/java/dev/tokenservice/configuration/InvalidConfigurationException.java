package dev.tokenservice.configuration;

import io.dropwizard.configuration.ConfigurationException;
import java.util.List;

/** All that is wrong with a configuration, one line each. */
public final class InvalidConfigurationException extends ConfigurationException {

    InvalidConfigurationException(String path, List<Problem> problems) {
        super(path, problems.stream().map(Problem::line).distinct().toList());
    }
}
