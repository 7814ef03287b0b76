/**
 * Health checks: whether tokens can be signed and exchanged, answered from what the last calls showed.
 *
 * <p>Owns no calls in a probe's time. Imports {@code google} and {@code signing}.
 */
@NullMarked
package dev.tokenservice.health;

import org.jspecify.annotations.NullMarked;
