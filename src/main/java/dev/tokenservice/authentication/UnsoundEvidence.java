package dev.tokenservice.authentication;

import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.oauth.RefusedException;
import java.util.function.Supplier;

/** The refusals of missing, malformed or contradictory evidence. */
public final class UnsoundEvidence {

    private UnsoundEvidence() {}

    public static RefusedException missing(String header) {
        return Refusal.because(ReasonCode.NO_CERTIFICATE, "no client certificate was verified for this connection")
                .detail("header " + header + " is missing or empty: the client sent no certificate, or did not call "
                        + "through the proxy")
                .exception();
    }

    /** Starts the refusal of something malformed or contradictory. */
    public static Refusal.Builder because(String detail) {
        return Refusal.because(ReasonCode.CONTRADICTORY_HEADERS, "the certificate headers of the proxy are invalid")
                .detail(detail);
    }

    /**
     * Returns the evidence of a certificate that the proxy has not verified: for the audit line, where it can be read.
     *
     * @throws RefusedException with the same refusal where it cannot
     */
    public static Evidence notVerified(Refusal refusal, Supplier<Evidence> seen) {
        try {
            return new Evidence.Refused(seen.get().attributes(), refusal);
        } catch (RefusedException e) {
            throw new RefusedException(refusal);
        }
    }
}
