package dev.tokenservice.policy;

/** Whether a term of a rule holds, as far as the evidence tells. */
enum Truth {
    TRUE,
    FALSE,
    UNKNOWN;

    static Truth of(boolean value) {
        return value ? TRUE : FALSE;
    }

    /** True wins over unknown. */
    Truth or(Truth other) {
        return this == TRUE || other == TRUE ? TRUE : this == UNKNOWN || other == UNKNOWN ? UNKNOWN : FALSE;
    }
}
