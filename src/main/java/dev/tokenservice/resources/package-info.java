/**
 * The endpoints of the application port, and the one place where an error gets its shape.
 *
 * <p>Imports {@code oauth}, {@code identity}, {@code mtls} (what a request presented, for the audit line), {@code token},
 * {@code signing} and {@code telemetry}.
 */
@NullMarked
package dev.tokenservice.resources;

import org.jspecify.annotations.NullMarked;
