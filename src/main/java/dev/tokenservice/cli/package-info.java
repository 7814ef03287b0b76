/**
 * The commands for operators beside {@code server} and {@code check}: {@code doctor} looks into everything that a running
 * service needs, and {@code validate} at configurations that are not started.
 *
 * <p>Owns the findings and their two forms, for people and for machines. Imports every package but {@code resources}, and
 * goes the ways of the service itself: what is checked is the code that runs.
 */
@NullMarked
package dev.tokenservice.cli;

import org.jspecify.annotations.NullMarked;
