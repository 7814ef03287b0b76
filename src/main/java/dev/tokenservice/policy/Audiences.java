package dev.tokenservice.policy;

import dev.tokenservice.oauth.Quoted;
import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The audiences of the settings. They apply if the policy names no relying parties.
 *
 * @param set the audience of {@code TOKEN_AUDIENCE}; empty if it is not set
 * @param standard the default audience of a request
 * @param further the audiences of {@code TOKEN_AUDIENCES}
 * @param provider the audience of the workload identity provider; empty if the service exchanges no tokens
 */
public record Audiences(
        Optional<String> set, Optional<String> standard, List<String> further, Optional<String> provider) {

    /** The audiences without a configuration. Any provider could be the configured one. */
    static final Audiences UNKNOWN = new Audiences(
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Optional.of("https://iam.googleapis.com/projects/0/locations/global/workloadIdentityPools/"
                    + "of-the-configuration/providers/of-the-configuration"));

    /** The names of the relying parties that stand for the settings. */
    private static final String OF_PROVIDER = "google";

    private static final String OF_STANDARD = "default";
    private static final String OF_FURTHER = "audience-";

    public Audiences {
        further = List.copyOf(further);
    }

    /** Returns a relying party for each audience, the provider first. */
    public RelyingParties relyingParties() {
        List<RelyingParty> all = new ArrayList<>();
        provider.ifPresent(audience -> all.add(RelyingParty.of(OF_PROVIDER, audience, Profile.GOOGLE)));
        standard.filter(audience -> !provider.equals(standard))
                .ifPresent(audience -> all.add(RelyingParty.of(OF_STANDARD, audience, Profile.GENERIC)));
        for (String audience : further) {
            if (all.stream().noneMatch(party -> party.audience().equals(audience))) {
                String name = OF_FURTHER + (further.indexOf(audience) + 1);
                all.add(RelyingParty.of(name, audience, Profile.GENERIC));
            }
        }
        return new RelyingParties(all, equals(UNKNOWN));
    }

    /** Returns the same as lines of a policy; empty without an audience. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (RelyingParty party : relyingParties().all()) {
            lines.add("  " + party.name() + ": {profile: " + party.profile().label() + ", audience: \""
                    + party.audience().replace("\\", "\\\\").replace("\"", "\\\"") + "\"}");
        }
        if (!lines.isEmpty()) {
            lines.add(0, "relyingParties:");
        }
        return lines;
    }

    /** Returns the same with another default audience, if none is set. */
    RelyingParties relyingParties(String otherwise) {
        return new Audiences(set, standard.or(() -> Optional.of(otherwise)), further, provider).relyingParties();
    }

    /**
     * Returns the relying party of a requested audience.
     *
     * @param all the relying parties of these settings
     * @param granted the audience of a request without one
     * @throws dev.tokenservice.oauth.RefusedException {@code invalid_target} if clients may not request it
     */
    RelyingParty resolve(RelyingParties all, String audience, String granted) {
        if (!audience.equals(granted) && !further.contains(audience)) {
            throw Refusal.because(
                            ReasonCode.UNKNOWN_TARGET,
                            "the audience " + Quoted.of(audience) + " is not allowed by this service")
                    .detail("add it to TOKEN_AUDIENCES if clients are allowed to get it")
                    .exception();
        }
        return all.all().stream()
                .filter(party -> party.audience().equals(audience))
                .findFirst()
                .orElseGet(() -> RelyingParty.of(OF_STANDARD, audience, Profile.GENERIC));
    }
}
