/**
 * The dialects in which proxies tell about the client certificate, one class each.
 *
 * <p>Owns their grammars. Imports {@code mtls}, {@code mtls.tls}, {@code mtls.x509}, {@code identity} and {@code oauth};
 * nothing but the list of services knows these classes.
 */
@NullMarked
package dev.tokenservice.mtls.headers;

import org.jspecify.annotations.NullMarked;
