/**
 * How configuration comes to be: the YAML file, the environment laid over it as data, and all problems told together.
 *
 * <p>Owns the environment variables, and the validation of files that are not started. What each setting means is its
 * own package's.
 *
 * <p>Imports {@code files} and {@code oauth}.
 */
@NullMarked
package dev.tokenservice.configuration;

import org.jspecify.annotations.NullMarked;
