/**
 * The HTTP server: connectors, limits on connections and times, the answers that Jetty gives by itself, the access
 * log, and what start-up has to check.
 *
 * <p>Owns everything that is Jetty's.
 *
 * <p>Imports {@code api}, {@code configuration}, {@code identity}, {@code oauth}, {@code telemetry} and {@code tls}.
 */
@NullMarked
package dev.tokenservice.server;

import org.jspecify.annotations.NullMarked;
