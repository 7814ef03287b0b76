/**
 * Fast cryptography: a provider whose work is done by a native library, loaded once for signatures and TLS alike, and the key
 * agreement that the library lacks.
 *
 * <p>Owns the providers, and the keys as objects of their own.
 *
 * <p>Imports nothing of the other packages.
 */
@NullMarked
package dev.tokenservice.cryptography;

import org.jspecify.annotations.NullMarked;
