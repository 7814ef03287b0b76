package dev.tokenservice.doctor;

import dev.tokenservice.configuration.ConfigurationModel;
import dev.tokenservice.configuration.ConfigurationReading;
import dev.tokenservice.configuration.InvalidConfigurationException;
import dev.tokenservice.configuration.Overrides;
import dev.tokenservice.configuration.Problem;
import io.dropwizard.configuration.ConfigurationException;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** Whether a configuration can be read, and which environment variables were probably meant for it. */
record ConfigurationCheck(ConfigurationModel<?> model, Overrides overrides) {

    /** The configuration; nothing, and every other check skipped, where it is not valid. */
    <T> Optional<T> load(@Nullable String file, ConfigurationReading<T> source, Findings findings) {
        checkNames(findings);
        String name = file == null ? "the config.yml in the jar" : file;
        try {
            T configuration = source.read();
            findings.ok(CheckName.CONFIGURATION, name + " is valid" + overriding());
            return Optional.of(configuration);
        } catch (InvalidConfigurationException e) {
            e.problems().forEach(problem -> fail(problem, findings));
        } catch (IOException | ConfigurationException e) {
            findings.fail(
                    CheckName.CONFIGURATION,
                    name + " cannot be read: " + e.getMessage(),
                    "name a configuration file that exists and is readable, or none to use the one in the jar");
        }
        findings.skip(
                "the configuration is not valid",
                EnumSet.range(CheckName.ISSUER, CheckName.TOKEN_EXCHANGE).toArray(CheckName[]::new));
        return Optional.empty();
    }

    private void checkNames(Findings findings) {
        findings.warnOrElse(
                StartWarnings.ofVariables(model, overrides),
                () -> findings.ok(
                        CheckName.VARIABLE_NAMES, "no variable looks like a misspelt variable of this service"));
    }

    private static void fail(Problem problem, Findings findings) {
        String found = problem.found().isEmpty() ? "is invalid" : "found " + problem.found();
        findings.fail(CheckName.CONFIGURATION, problem.setting() + ": " + found, problem.allowed());
    }

    private String overriding() {
        SortedSet<String> overriding = overrides.names(model);
        return overriding.isEmpty() ? "" : ", overridden by " + String.join(", ", overriding);
    }
}
