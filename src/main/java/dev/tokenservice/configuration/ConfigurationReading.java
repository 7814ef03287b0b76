package dev.tokenservice.configuration;

import io.dropwizard.configuration.ConfigurationException;
import java.io.IOException;

/** Reads a configuration, or something by it. */
public interface ConfigurationReading<T> {

    T read() throws IOException, ConfigurationException;
}
