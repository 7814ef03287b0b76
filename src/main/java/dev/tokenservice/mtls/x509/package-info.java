/**
 * Certificates themselves: what is in them, and whether to trust them.
 *
 * <p>Owns the trust bundle, revocation lists, and the verification of chains. Imports {@code identity}, {@code oauth} and
 * {@code mtls.files}.
 */
@NullMarked
package dev.tokenservice.mtls.x509;

import org.jspecify.annotations.NullMarked;
