/**
 * Who a client is: the attributes of its certificate, from any source, and the principal made of them.
 *
 * <p>Owns the rules that hold for every certificate, from every source alike.
 *
 * <p>Imports nothing of ours.
 */
@NullMarked
package dev.tokenservice.identity;

import org.jspecify.annotations.NullMarked;
