/**
 * Signs claims as a compact JWS (RFC 7515), and lists the public keys (RFC 7517).
 *
 * <p>Owns the signers and the local keys. Only {@code IamSigner} knows {@code google}.
 *
 * <p>Imports {@code configuration}, {@code cryptography}, {@code files}, {@code google}, {@code oauth}, {@code outbound},
 * {@code signing.pkcs11} and {@code x509}.
 */
@NullMarked
package dev.tokenservice.signing;

import org.jspecify.annotations.NullMarked;
