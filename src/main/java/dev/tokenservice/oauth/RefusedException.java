package dev.tokenservice.oauth;

/** Carries a refusal to the one place that answers it. */
public final class RefusedException extends RuntimeException {

    private final transient Refusal refusal;

    /** Without a stack trace: a refusal is an answer, and a client decides how many there are. */
    public RefusedException(Refusal refusal) {
        super(refusal.description(), refusal.cause().orElse(null), false, false);
        this.refusal = refusal;
    }

    public Refusal refusal() {
        return refusal;
    }
}
