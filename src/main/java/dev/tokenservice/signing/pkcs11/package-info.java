/**
 * Signs with keys in a PKCS#11 token. The library of the token runs in its own process. If the library fails, hangs or loses
 * the token, the process is killed and started again.
 *
 * <p>Owns the grammar of the URI, the process, and the provider with which the keys sign.
 *
 * <p>Imports {@code configuration}, {@code files} and {@code telemetry}.
 */
@NullMarked
package dev.tokenservice.signing.pkcs11;

import org.jspecify.annotations.NullMarked;
