package dev.tokenservice.authentication;

import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.policy.Authority;
import dev.tokenservice.policy.Policy;
import dev.tokenservice.x509.CertificateVerifier;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Decides whether evidence is believed, the same for every flow:
 *
 * <pre>
 *                                             with a trust bundle   without one
 * certificate of the TLS connection           verified              refused
 * certificate that the proxy vouches for      verified              believed
 * certificate that nobody vouches for         verified              refused
 * summary                                     refused               believed
 * </pre>
 *
 * With {@code MTLS_VERIFY_FORWARDED=false} the last three are decided as without a trust bundle. In every case a
 * certificate must have the only encoding, be no authority's, and have a key that is strong enough. That it is valid now,
 * and is not denied, is for {@link ClientCertificateAuthenticator}.
 */
final class Verification {

    /** What a proxy must do whose summaries are refused. */
    static final String FORWARD_CERTIFICATE =
            "forward the certificate itself (Google: MTLS_HEADER_CLIENT_CERT_LEAF; Envoy: "
                    + "Cert in set_current_client_cert_details)";

    private final Optional<? extends Supplier<Policy>> policy;
    private final Optional<? extends Supplier<CertificateVerifier>> trust;
    private final Optional<? extends Supplier<CertificateVerifier>> trustInForwarded;

    /**
     * Takes the verifier that is in force at the time of each call.
     *
     * @param trust empty without a trust bundle
     * @param verifyForwarded whether it is for what proxies forward, too
     */
    Verification(Optional<? extends Supplier<CertificateVerifier>> trust, boolean verifyForwarded) {
        this(trust, verifyForwarded, Optional.empty());
    }

    /** Creates the verification with a policy, whose authorities replace the trust bundle. */
    Verification(
            Optional<? extends Supplier<CertificateVerifier>> trust,
            boolean verifyForwarded,
            Optional<? extends Supplier<Policy>> policy) {
        this.policy = policy;
        this.trust = trust;
        this.trustInForwarded = verifyForwarded ? trust : Optional.empty();
    }

    /** Returns the policy that is in force now, if there is one. */
    Optional<Policy> policy() {
        return policy.map(Supplier::get);
    }

    /** The same with the policy that is in force now: no request sees half of a new one. */
    Verification current() {
        Optional<Policy> snapshot = policy();
        return new Verification(trust, trustInForwarded.isPresent(), snapshot.map(now -> () -> now));
    }

    /** Returns whether a forwarded certificate counts only by a path to an anchor of the trust bundle. */
    boolean verifiesForwarded() {
        return trustInForwarded.isPresent();
    }

    /** Returns the generation of the policy, if there is one. */
    Optional<String> generation() {
        return policy().map(Policy::generation);
    }

    /** Returns the hash of what was fetched for the policy, where something is. */
    Optional<String> content() {
        return policy.flatMap(now -> now.get().content());
    }

    /**
     * Turns evidence into a client.
     *
     * @param flow the name of the flow that has the evidence
     * @throws RefusedException {@code invalid_client} when it is not believed
     */
    VerifiedClient verify(String flow, Evidence evidence) {
        if (evidence instanceof Evidence.Refused seen) {
            throw new RefusedException(seen.refusal());
        }
        Optional<Policy> snapshot = policy.map(Supplier::get);
        Optional<Authority> authority = authority(snapshot, evidence);
        if (authority.isPresent()) {
            return new VerifiedClient(flow, snapshot, authority, evidence.attributes());
        }
        if (evidence instanceof Evidence.Chain chain) {
            checkChain(chain);
        } else if (trustInForwarded.isPresent()) {
            throw Refusal.because(
                            ReasonCode.NOT_VERIFIED,
                            "the client certificate cannot be verified: the proxy forwards only a summary of it")
                    .detail("MTLS_TRUST_BUNDLE is set, and a summary cannot be verified with it: have the proxy "
                            + FORWARD_CERTIFICATE + ", or set MTLS_VERIFY_FORWARDED=false to believe the proxy")
                    .exception();
        }
        return new VerifiedClient(flow, snapshot, Optional.empty(), evidence.attributes());
    }

    /** Who vouches for the client by the policy; empty if it does not say, and the settings do. */
    private static Optional<Authority> authority(Optional<Policy> policy, Evidence evidence) {
        if (policy.isEmpty()) {
            return Optional.empty();
        }
        Policy now = policy.get();
        if (!(evidence instanceof Evidence.Chain chain)) {
            return now.ofSummary();
        }
        return now.hasAuthorities() ? Optional.of(now.accept(chain.certificates())) : Optional.empty();
    }

    private void checkChain(Evidence.Chain chain) {
        Optional<? extends Supplier<CertificateVerifier>> verifier = chain.isForwarded() ? trustInForwarded : trust;
        if (verifier.isPresent()) {
            verifier.get().get().verify(chain.certificates());
            return;
        }
        if (!chain.isVouchedFor()) {
            throw Refusal.because(ReasonCode.NOT_VERIFIED, "the client certificate was not verified")
                    .detail("the proxy does not say that it verified the certificate: have it verify client "
                            + "certificates (AWS: mode verify), "
                            + "or set MTLS_TRUST_BUNDLE without MTLS_VERIFY_FORWARDED=false")
                    .exception();
        }
        CertificateVerifier.checkClient(chain.certificates());
    }
}
