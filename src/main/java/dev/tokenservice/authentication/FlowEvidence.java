package dev.tokenservice.authentication;

import dev.tokenservice.tls.TlsFactory;
import io.dropwizard.validation.selfvalidating.ViolationCollector;

/**
 * What an enabled flow can show, beside the settings that decide whether it is believed: a flow whose evidence nobody can
 * believe would refuse every client.
 *
 * @param flow the flow's name
 * @param best the best evidence that it can have
 * @param tls the settings of the TLS connector and of the trust bundle
 * @param verifiesForwarded whether what proxies forward is verified
 * @param policy whether a policy decides whom to believe, which is read later
 */
record FlowEvidence(String flow, Evidence.Kind best, TlsFactory tls, boolean verifiesForwarded, boolean policy) {

    void validate(ViolationCollector problems) {
        switch (best) {
            case OF_CONNECTION -> {
                if (!tls.isEnabled()) {
                    problems.addViolation(
                            "tls.certificate", "must be set, because the flow " + flow + " needs the TLS connector");
                }
            }
            case UNVERIFIED -> {
                if (!verifiesForwarded && !policy) {
                    problems.addViolation(
                            tls.hasTrustBundle() ? "verifyForwarded" : "tls.trustBundle",
                            "must be " + (tls.hasTrustBundle() ? "true" : "set") + ", as the proxy of the flow " + flow
                                    + " does not say whether it has verified the certificate");
                }
            }
            case SUMMARY -> {
                // Beside the TLS connector the bundle is for the clients that come there.
                if (verifiesForwarded && !policy && !tls.isEnabled()) {
                    problems.addViolation("verifyForwarded", "must be false, or " + forwardCertificate());
                }
            }
            case VOUCHED_FOR -> {}
        }
    }

    /** Returns whether every client of the flow is refused, for want of the certificate itself. */
    boolean isRefusedSummary() {
        return verifiesForwarded && !policy && best == Evidence.Kind.SUMMARY;
    }

    /** What an operator can do about {@link #isRefusedSummary}. */
    String remedy() {
        return "set MTLS_VERIFY_FORWARDED=false, or " + forwardCertificate();
    }

    /** What the proxy must do, so that there is something to verify. */
    String forwardCertificate() {
        return "the proxy of the flow " + flow + " must " + Verification.FORWARD_CERTIFICATE
                + ": without it there is nothing to verify with MTLS_TRUST_BUNDLE";
    }
}
