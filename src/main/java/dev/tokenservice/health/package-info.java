/**
 * Health checks and readiness, answered from what the last calls showed.
 *
 * <p>Owns no calls in a probe's time.
 *
 * <p>Imports nothing of ours.
 */
@NullMarked
package dev.tokenservice.health;

import org.jspecify.annotations.NullMarked;
