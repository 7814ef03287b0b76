/**
 * The one pipeline from an authenticated client to its tokens: policy, claims, signature, exchange.
 *
 * <p>Owns the claims of the ID token.
 *
 * <p>Imports {@code configuration}, {@code google}, {@code identity}, {@code oauth}, {@code outbound}, {@code policy}, {@code signing} and
 * {@code telemetry}.
 */
@NullMarked
package dev.tokenservice.token;

import org.jspecify.annotations.NullMarked;
