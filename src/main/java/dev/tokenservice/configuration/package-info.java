/**
 * How configuration comes to be: the YAML file, the environment laid over it as data, and all problems told at once.
 *
 * <p>Owns the table of environment variables. Imports {@code oauth} only; what each setting means is its own package's.
 */
@NullMarked
package dev.tokenservice.configuration;

import org.jspecify.annotations.NullMarked;
