package dev.tokenservice.configuration;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Judges policy files. What a policy is, another package knows.
 *
 * @param <T> the configuration's class
 */
public interface PolicyJudge<T> {

    /**
     * What is wrong with a policy, each with its place in the file.
     *
     * @param absent the files that it names and that are not there
     */
    record Verdict(List<String> wrong, List<String> absent) {}

    /** Returns the policy file that a configuration names. */
    Optional<String> policyOf(T configuration);

    /**
     * Judges a policy and the files that it names.
     *
     * @param beside the settings that it stands beside; empty if they are not known
     * @param root the folder in which absolute paths are looked up
     * @param file its path there
     */
    Verdict judge(Optional<T> beside, Path root, String file);
}
