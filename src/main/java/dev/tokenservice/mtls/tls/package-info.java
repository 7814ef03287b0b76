/**
 * TLS that this service terminates itself.
 *
 * <p>Owns the connector's key and certificate, and what a handshake lets through. Imports {@code mtls.files},
 * {@code mtls.x509} and {@code telemetry}.
 */
@NullMarked
package dev.tokenservice.mtls.tls;

import org.jspecify.annotations.NullMarked;
