/**
 * Google Cloud: the credentials of this process, and the clients of the IAM Credentials API and the Security
 * Token Service.
 *
 * <p>Owns retries and the translation of Google's errors into OAuth's.
 *
 * <p>Imports {@code configuration}, {@code files}, {@code oauth}, {@code outbound} and {@code telemetry}.
 */
@NullMarked
package dev.tokenservice.google;

import org.jspecify.annotations.NullMarked;
