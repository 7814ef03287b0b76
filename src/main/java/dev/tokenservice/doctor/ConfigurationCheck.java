package dev.tokenservice.doctor;

import dev.tokenservice.configuration.InvalidConfigurationException;
import dev.tokenservice.configuration.NearMisses;
import dev.tokenservice.configuration.Problem;
import dev.tokenservice.configuration.Variables;
import io.dropwizard.configuration.ConfigurationException;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Whether a configuration can be read, and which environment variables were probably meant for it. */
final class ConfigurationCheck {

    private final Set<String> variables;

    /** Reads a configuration. */
    interface Source<T> {
        T read() throws IOException, ConfigurationException;
    }

    ConfigurationCheck(Set<String> variables) {
        this.variables = variables;
    }

    /** The configuration; nothing, and every other check skipped, where it is not valid. */
    <T> Optional<T> load(@Nullable String file, Source<T> source, Findings findings) {
        checkNames(findings);
        String name = file == null ? "the config.yml in the jar" : file;
        try {
            T configuration = source.read();
            findings.ok(Check.CONFIGURATION, name + " is valid" + overriding());
            return Optional.of(configuration);
        } catch (InvalidConfigurationException e) {
            e.problems().forEach(problem -> fail(problem, findings));
        } catch (IOException | ConfigurationException e) {
            findings.fail(
                    Check.CONFIGURATION,
                    name + " cannot be read: " + e.getMessage(),
                    "name a configuration file that is there and readable, or none for the one in the jar");
        }
        findings.skip(
                "the configuration is not valid",
                EnumSet.range(Check.ISSUER, Check.TOKEN_EXCHANGE).toArray(Check[]::new));
        return Optional.empty();
    }

    private void checkNames(Findings findings) {
        NearMisses.among(variables)
                .forEach((name, meant) -> findings.warn(
                        Check.VARIABLE_NAMES,
                        "the environment variable " + name + " is not known and has no effect",
                        "did you mean " + meant + "?"));
        if (NearMisses.among(variables).isEmpty()) {
            findings.ok(Check.VARIABLE_NAMES, "no variable looks like a misspelt one of this service");
        }
    }

    private static void fail(Problem problem, Findings findings) {
        String found = problem.found().isEmpty() ? "cannot be used as it is" : "found " + problem.found();
        findings.fail(Check.CONFIGURATION, problem.setting() + ": " + found, problem.allowed());
    }

    /** The names only: a value may be a secret. */
    private String overriding() {
        Set<String> known = new TreeSet<>(Variables.names());
        known.retainAll(variables);
        return known.isEmpty() ? "" : ", with " + String.join(", ", known) + " from the environment";
    }
}
