package dev.tokenservice.policy;

import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.oauth.RefusedException;

/**
 * The single answer to a request that is not allowed, whether its target exists or not. Different answers would reveal
 * relying parties and rules.
 */
final class NotAllowed {

    private NotAllowed() {}

    /** Returns the refusal, with a reason that only the operator sees. */
    static RefusedException because(String detail) {
        return Refusal.because(ReasonCode.POLICY, "the policy does not allow this client to get such a token")
                .detail(detail)
                .exception();
    }
}
