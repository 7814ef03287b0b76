/**
 * What an authenticated client may have.
 *
 * <p>Owns the decision about audience and access token.
 *
 * <p>Imports {@code identity} and {@code oauth}.
 */
@NullMarked
package dev.tokenservice.policy;

import org.jspecify.annotations.NullMarked;
