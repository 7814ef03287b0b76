package dev.tokenservice.policy;

import dev.tokenservice.oauth.Quoted;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.oauth.TokenRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The relying parties, in the order of the policy. Immutable. */
public final class RelyingParties {

    private final Map<String, RelyingParty> byName = new LinkedHashMap<>();
    private final Map<String, RelyingParty> byAudience = new LinkedHashMap<>();

    private final boolean guessed;

    RelyingParties(List<RelyingParty> all) {
        this(all, false);
    }

    /**
     * Creates the relying parties.
     *
     * @param guessed whether the settings are unknown, so that there may be others
     */
    RelyingParties(List<RelyingParty> all, boolean guessed) {
        this.guessed = guessed;
        all.forEach(party -> {
            byName.put(party.name(), party);
            byAudience.put(FederatedAudience.canonical(party.audience()), party);
        });
    }

    boolean areGuessed() {
        return guessed;
    }

    /** Returns their names. */
    public List<String> names() {
        return List.copyOf(byName.keySet());
    }

    public List<RelyingParty> all() {
        return List.copyOf(byName.values());
    }

    /** Returns the names of the relying parties with uploaded keys, each with the JWS algorithm of its tokens. */
    public Map<String, String> uploaded(String standardAlgorithm) {
        Map<String, String> uploaded = new LinkedHashMap<>();
        byName.values().stream()
                .filter(RelyingParty::uploaded)
                .forEach(party -> uploaded.put(party.name(), party.algorithm().orElse(standardAlgorithm)));
        return uploaded;
    }

    /** Returns the relying party with a name in the policy; empty if there is none. */
    public Optional<RelyingParty> named(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** Returns the relying party of an audience. Both forms of a workload identity provider are the same audience. */
    public Optional<RelyingParty> ofAudience(String audience) {
        return Optional.ofNullable(byAudience.get(FederatedAudience.canonical(audience)));
    }

    /**
     * Returns the relying party that a request names, or that of an audience.
     *
     * @throws RefusedException the same as for a relying party that is not allowed, so that clients do not learn which ones
     *     exist
     */
    RelyingParty resolve(TokenRequest request, String audience) {
        Optional<String> name = request.relyingParty();
        if (name.isEmpty()) {
            return ofAudience(audience)
                    .orElseThrow(() -> NotAllowed.because("no relying party has the audience " + Quoted.of(audience)));
        }
        return named(name.get())
                .filter(party -> !request.wantsAccessToken()
                        || ofAudience(audience).filter(party::equals).isPresent())
                .orElseThrow(() -> NotAllowed.because("there is no relying party " + Quoted.of(name.get())
                        + (request.wantsAccessToken() ? " with the audience " + Quoted.of(audience) : "")));
    }
}
