/**
 * Authentication: evidence of a client certificate becomes a principal, or a refusal.
 *
 * <p>Owns which flow a request belongs to, the proof that it came from the proxy, and the one step that verifies. A
 * flow cannot skip that step.
 *
 * <p>Imports {@code configuration}, {@code files}, {@code identity}, {@code oauth}, {@code policy}, {@code telemetry},
 * {@code tls} and {@code x509}.
 */
@NullMarked
package dev.tokenservice.authentication;

import org.jspecify.annotations.NullMarked;
