/**
 * The bounded way to keys in a PKCS#11 token: the token's library runs in a process of its own, which is ended and started again
 * where the library fails, hangs or loses the token.
 *
 * <p>Owns the grammar of the URI, the process, and the provider with which the keys sign.
 *
 * <p>Imports {@code configuration}, {@code files} and {@code telemetry}.
 */
@NullMarked
package dev.tokenservice.signing.pkcs11;

import org.jspecify.annotations.NullMarked;
