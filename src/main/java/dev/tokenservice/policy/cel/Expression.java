package dev.tokenservice.policy.cel;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A compiled and checked CEL expression. Immutable and thread-safe. */
public interface Expression {

    /** Returns the columns that it reads, by the name of the row. */
    Map<String, Set<String>> columns();

    /** Returns the attributes of the client that it reads. */
    Set<String> attributes();

    /**
     * Returns whether a condition is true; empty if that depends on an attribute that the evidence does not contain.
     *
     * @throws EvaluationException where it reads what is not there, or fails otherwise
     */
    Optional<Boolean> holds(Facts facts);

    /**
     * Returns the value of a claim: a text, a {@code Long}, a {@code Boolean}, or a list or map of these. {@code has()} is
     * false for an attribute that the evidence does not contain.
     *
     * @throws EvaluationException where it reads what is not there, or fails otherwise
     */
    Object value(Facts facts);
}
