/**
 * The HTTP server: the connectors, the gate in front of every resource, what Jetty answers by itself, the request log.
 *
 * <p>Imports {@code mtls} (the connection that a request came over), {@code oauth}, {@code resources} and {@code telemetry}.
 */
@NullMarked
package dev.tokenservice.server;

import org.jspecify.annotations.NullMarked;
