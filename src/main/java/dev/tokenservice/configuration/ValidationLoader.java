package dev.tokenservice.configuration;

import io.dropwizard.configuration.ConfigurationException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Loads the configuration as at start-up. */
interface ValidationLoader {

    /** From a configuration file, with no environment. Returns the policy file that it names. */
    Optional<String> file(String file) throws IOException, ConfigurationException;

    /** From the environment, which overrides the configuration file that the service is started with. */
    void environment(Map<String, String> environment) throws IOException, ConfigurationException;

    /** Judges a policy beside the configuration of an environment, where that is known and valid. */
    PolicyJudge.Verdict policy(Optional<Map<String, String>> environment, Path root, String file);

    /** Judges a policy beside the configuration file that names it. */
    PolicyJudge.Verdict policyBeside(String configuration, Path root, String file);
}
