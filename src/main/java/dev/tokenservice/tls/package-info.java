/**
 * TLS that this service terminates itself.
 *
 * <p>Owns the server's key and certificate, and what a handshake lets through.
 *
 * <p>Imports {@code configuration}, {@code cryptography}, {@code files}, {@code identity}, {@code telemetry} and {@code x509}.
 */
@NullMarked
package dev.tokenservice.tls;

import org.jspecify.annotations.NullMarked;
