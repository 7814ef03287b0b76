/**
 * Native cryptography: a provider whose work is done by a native library, loaded once for signatures and TLS alike.
 *
 * <p>Owns the provider, and the keys as objects of its own.
 *
 * <p>Imports nothing of the other packages.
 */
@NullMarked
package dev.tokenservice.cryptography;

import org.jspecify.annotations.NullMarked;
