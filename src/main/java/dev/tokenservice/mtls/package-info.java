/**
 * Authentication: what a proxy says about the client certificate becomes a principal, or a refusal.
 *
 * <p>Owns the certificate sources, one for each way in which a proxy tells, and what makes them believable. Imports
 * {@code identity}, {@code oauth} and {@code telemetry}.
 */
@NullMarked
package dev.tokenservice.mtls;

import org.jspecify.annotations.NullMarked;
