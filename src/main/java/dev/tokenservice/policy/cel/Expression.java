package dev.tokenservice.policy.cel;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A checked expression. Immutable, and safe for use by many threads. */
public interface Expression {

    /** The columns that it reads, by the name of the row. */
    Map<String, Set<String>> columns();

    /** The attributes of the client that it reads. */
    Set<String> attributes();

    /**
     * Returns whether a condition holds; empty where that depends on whether the client has an attribute of which the evidence does
     * not tell.
     *
     * @throws EvaluationException where it reads what is not there, or fails otherwise
     */
    Optional<Boolean> holds(Facts facts);

    /**
     * Returns the value of a claim: a text, a {@code Long}, a {@code Boolean}, or a list or a map of these. An attribute of which the
     * evidence does not tell counts as one that {@code has()} does not find.
     *
     * @throws EvaluationException where it reads what is not there, or fails otherwise
     */
    Object value(Facts facts);
}
