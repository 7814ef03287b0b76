/**
 * The expressions of a policy, in the Common Expression Language.
 *
 * <p>The only package that knows the library: its classes are loaded with {@link dev.tokenservice.policy.cel.Expressions}, which a
 * policy without an expression does not use.
 *
 * <p>Imports {@code configuration} and {@code identity}.
 */
@NullMarked
package dev.tokenservice.policy.cel;

import org.jspecify.annotations.NullMarked;
