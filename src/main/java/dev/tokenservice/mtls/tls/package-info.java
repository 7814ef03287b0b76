/**
 * TLS that this service terminates itself.
 *
 * <p>Owns the connector's key and certificate, and what a handshake lets through. Imports {@code mtls.files} and
 * {@code mtls.x509}.
 */
@NullMarked
package dev.tokenservice.mtls.tls;

import org.jspecify.annotations.NullMarked;
