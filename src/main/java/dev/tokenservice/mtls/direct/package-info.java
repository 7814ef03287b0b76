/**
 * Clients that speak TLS to the service itself.
 *
 * <p>Owns the flow that believes the connection and no header. Imports {@code mtls}, {@code mtls.tls}, {@code mtls.x509},
 * {@code identity} and {@code oauth}; nothing but the list of services knows it.
 */
@NullMarked
package dev.tokenservice.mtls.direct;

import org.jspecify.annotations.NullMarked;
