package dev.tokenservice.configuration;

import dev.tokenservice.TokenServiceConfiguration;
import dev.tokenservice.testing.TestValidators;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.jackson.Jackson;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** A configuration file as a start reads it, with nothing in the environment. */
public final class ConfigurationFile {

    private static final ServiceConfigurationFactory<TokenServiceConfiguration> FACTORY =
            new ServiceConfigurationFactory<>(
                    TokenServiceConfiguration.model(),
                    TestValidators.SHARED.getValidator(),
                    Jackson.newObjectMapper(),
                    Map.of());

    private ConfigurationFile() {}

    /** What is wrong with it, a line each. */
    public static Collection<String> problems(byte[] content) {
        try {
            TokenServiceConfiguration unused = FACTORY.build(path -> new ByteArrayInputStream(content), "config.yml");
            return List.of();
        } catch (InvalidConfigurationException e) {
            return e.getErrors();
        } catch (ConfigurationException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
