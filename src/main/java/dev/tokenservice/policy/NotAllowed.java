package dev.tokenservice.policy;

import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.oauth.RefusedException;

/**
 * The one answer to a client that may not have what it asks for, whether that exists or not: otherwise the answers would tell the
 * relying parties, and the rules.
 */
final class NotAllowed {

    private NotAllowed() {}

    /** The refusal, with a reason for the operator alone. */
    static RefusedException because(String detail) {
        return Refusal.because(ReasonCode.POLICY, "the policy does not allow this client to get such a token")
                .detail(detail)
                .exception();
    }
}
