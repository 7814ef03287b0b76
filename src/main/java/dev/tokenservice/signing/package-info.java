/**
 * Signing: claims go in, a compact JWS comes out, and the public keys can be asked for.
 *
 * <p>Owns the signers and the local keys. Imports {@code google} and nothing else of ours.
 */
@NullMarked
package dev.tokenservice.signing;

import org.jspecify.annotations.NullMarked;
