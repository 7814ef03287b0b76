/**
 * The endpoints of the application port: the gate before every resource, the resources, and the one place where an
 * error gets its shape.
 *
 * <p>Owns what is proper HTTP for an endpoint that exists.
 *
 * <p>Imports {@code authentication}, {@code identity}, {@code oauth}, {@code policy}, {@code signing},
 * {@code telemetry} and {@code token}.
 */
@NullMarked
package dev.tokenservice.api;

import org.jspecify.annotations.NullMarked;
