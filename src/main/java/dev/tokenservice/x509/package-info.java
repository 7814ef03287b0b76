/**
 * Certificates: what is in them, and whether to trust them.
 *
 * <p>Owns the reading of certificates, keys and revocation lists, the fetching of these lists, trust bundles, the search for
 * a valid path, and the list of denied certificates.
 *
 * <p>Imports {@code files}, {@code identity}, {@code oauth} and {@code outbound}.
 */
@NullMarked
package dev.tokenservice.x509;

import org.jspecify.annotations.NullMarked;
