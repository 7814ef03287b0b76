package dev.tokenservice.policy;

import dev.tokenservice.identity.ClientPrincipal;
import dev.tokenservice.oauth.Issuer;
import dev.tokenservice.oauth.TokenRequest;
import dev.tokenservice.telemetry.AuditTrail;
import java.util.Optional;

/**
 * A token request of an authenticated client.
 *
 * @param request the parameters of the request
 * @param issuer the {@code iss} of its token
 * @param policy the policy that authenticated it, and also decides what it gets; empty if none is set
 * @param trail collects the fields of the audit line
 */
public record AuthenticatedRequest(
        ClientPrincipal client, TokenRequest request, Issuer issuer, Optional<Policy> policy, AuditTrail trail) {

    /** Returns the rules of the policy; empty if there are none, which allows everything that no other check refuses. */
    Optional<Rules> rules() {
        return policy.flatMap(Policy::rules);
    }

    /** Returns the relying parties of the policy; empty if the settings name the audiences. */
    Optional<RelyingParties> relyingParties() {
        return policy.flatMap(Policy::relyingParties);
    }
}
