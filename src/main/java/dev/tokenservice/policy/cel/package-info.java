/**
 * The expressions of a policy, in the Common Expression Language.
 *
 * <p>Only this package uses the CEL library. The classes of the library are loaded only for a policy with an expression.
 *
 * <p>Imports {@code configuration} and {@code identity}.
 */
@NullMarked
package dev.tokenservice.policy.cel;

import org.jspecify.annotations.NullMarked;
