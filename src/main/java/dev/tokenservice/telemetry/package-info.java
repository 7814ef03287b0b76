/**
 * What an operator sees: the audit line of each decision, the layout of log lines, the metrics.
 *
 * <p>Imports {@code identity} and {@code oauth}; may be imported by all but these two.
 */
@NullMarked
package dev.tokenservice.telemetry;

import org.jspecify.annotations.NullMarked;
