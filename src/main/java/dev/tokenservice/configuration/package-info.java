/**
 * Configuration: the YAML file, the environment that overrides it as data, and one report of all problems.
 *
 * <p>Owns the environment variables, and the validation of files that are not started. What each setting means is its
 * own package's.
 *
 * <p>Imports {@code files} and {@code oauth}.
 */
@NullMarked
package dev.tokenservice.configuration;

import org.jspecify.annotations.NullMarked;
