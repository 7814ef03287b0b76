package dev.tokenservice.configuration;

import io.dropwizard.configuration.ConfigurationException;
import java.util.List;

/** All that is wrong with a configuration, one line each. */
public final class InvalidConfigurationException extends ConfigurationException {

    private final transient List<Problem> problems;

    InvalidConfigurationException(String path, List<Problem> problems) {
        super(path, problems.stream().map(Problem::line).distinct().toList());
        this.problems = problems.stream().distinct().toList();
    }

    /** What is wrong, each once. */
    public List<Problem> problems() {
        return problems;
    }
}
