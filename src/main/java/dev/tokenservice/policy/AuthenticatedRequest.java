package dev.tokenservice.policy;

import dev.tokenservice.identity.ClientPrincipal;
import dev.tokenservice.oauth.Issuer;
import dev.tokenservice.oauth.TokenRequest;
import dev.tokenservice.telemetry.AuditTrail;
import java.util.Optional;

/**
 * A token request whose client is known.
 *
 * @param request what it asks for
 * @param issuer who issues its token
 * @param policy the policy by which it was authenticated, where one is set: the same decides what it gets
 * @param trail names the client, and gets what is found out on the way
 */
public record AuthenticatedRequest(
        ClientPrincipal client, TokenRequest request, Issuer issuer, Optional<Policy> policy, AuditTrail trail) {

    /** The rules of the policy; empty where everything is allowed that no other check refuses. */
    Optional<Rules> rules() {
        return policy.flatMap(Policy::rules);
    }

    /** The relying parties of the policy; empty where the settings say which audiences there are. */
    Optional<RelyingParties> relyingParties() {
        return policy.flatMap(Policy::relyingParties);
    }
}
