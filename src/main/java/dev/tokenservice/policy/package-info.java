/**
 * Decides what an authenticated client is allowed to get.
 *
 * <p>Owns the decision about relying party and access token.
 *
 * <p>Imports {@code configuration}, {@code files}, {@code identity}, {@code oauth}, {@code policy.cel}, {@code telemetry} and
 * {@code x509}.
 */
@NullMarked
package dev.tokenservice.policy;

import org.jspecify.annotations.NullMarked;
