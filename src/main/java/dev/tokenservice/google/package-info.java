/**
 * Google's side: the credentials this process runs with, the transport they share with all calls, and the clients of the
 * IAM Credentials API and the Security Token Service.
 *
 * <p>Owns retries, deadlines and the translation of Google's errors into OAuth's. Imports {@code oauth} and
 * {@code telemetry}.
 */
@NullMarked
package dev.tokenservice.google;

import org.jspecify.annotations.NullMarked;
