/**
 * The places where evidence of a client certificate is found: one source for each form that proxies write, and one for the
 * TLS connection.
 *
 * <p>Owns their grammars and their settings. Only the list of services knows these classes.
 *
 * <p>Imports {@code authentication}, {@code configuration}, {@code identity}, {@code oauth} and {@code x509}.
 */
@NullMarked
package dev.tokenservice.authentication.sources;

import org.jspecify.annotations.NullMarked;
