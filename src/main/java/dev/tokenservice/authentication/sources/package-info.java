/**
 * The places where evidence of a client certificate is found: one class for each dialect of a proxy, and one for the
 * TLS connection.
 *
 * <p>Owns their grammars. Only the list of services knows these classes.
 *
 * <p>Imports {@code authentication}, {@code identity}, {@code oauth}, {@code tls} and {@code x509}.
 */
@NullMarked
package dev.tokenservice.authentication.sources;

import org.jspecify.annotations.NullMarked;
