package dev.tokenservice.policy;

/** Whether a term of a rule is true. It is unknown if the evidence does not contain the attribute. */
enum Truth {
    TRUE,
    FALSE,
    UNKNOWN;

    static Truth of(boolean value) {
        return value ? TRUE : FALSE;
    }

    /** Returns true if one of the two is true, otherwise unknown if one is unknown. */
    Truth or(Truth other) {
        return this == TRUE || other == TRUE ? TRUE : this == UNKNOWN || other == UNKNOWN ? UNKNOWN : FALSE;
    }
}
