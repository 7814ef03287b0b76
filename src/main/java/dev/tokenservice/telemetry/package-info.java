/**
 * What an operator sees: the audit line of each decision, the layout of log lines, the metrics.
 *
 * <p>Every package above {@code identity} and {@code oauth} may import it.
 *
 * <p>Imports {@code configuration}, {@code files}, {@code identity} and {@code oauth}.
 */
@NullMarked
package dev.tokenservice.telemetry;

import org.jspecify.annotations.NullMarked;
