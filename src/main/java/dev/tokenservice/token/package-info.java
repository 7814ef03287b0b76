/**
 * The one pipeline from an authenticated client to its tokens: policy, claims, signature, exchange.
 *
 * <p>Imports {@code oauth}, {@code identity}, {@code policy}, {@code signing}, {@code google} and {@code telemetry}.
 */
@NullMarked
package dev.tokenservice.token;

import org.jspecify.annotations.NullMarked;
