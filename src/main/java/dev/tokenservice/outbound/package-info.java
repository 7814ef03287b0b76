/**
 * The bounded way to any HTTP server: deadline, connection pool, name lookups, strict JSON.
 *
 * <p>Owns every limit on what another server may answer.
 *
 * <p>Imports {@code identity}.
 */
@NullMarked
package dev.tokenservice.outbound;

import org.jspecify.annotations.NullMarked;
