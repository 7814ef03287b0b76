/**
 * Signing: claims go in, a compact JWS comes out, and the public keys can be asked for.
 *
 * <p>Owns the signers and the local keys. Only {@code IamSigner} knows {@code google}.
 *
 * <p>Imports {@code configuration}, {@code cryptography}, {@code files}, {@code google}, {@code oauth}, {@code outbound},
 * {@code signing.pkcs11} and {@code x509}.
 */
@NullMarked
package dev.tokenservice.signing;

import org.jspecify.annotations.NullMarked;
