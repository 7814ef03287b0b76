package dev.tokenservice.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the relying parties of a policy file, and checks them against the audiences of the settings. */
final class RelyingPartiesReader {

    /** The largest number of relying parties with uploaded keys, which is that of the confirmations of a key. */
    private static final int MOST_UPLOADED = 100;

    private final TokenSettings settings;
    private final List<ClientIdTemplate> namings;
    private final ExpressionReader expressions;
    private final List<RelyingParty> parties = new ArrayList<>();

    /** Names of relying parties, by audience. */
    private final Map<String, String> known = new HashMap<>();

    RelyingPartiesReader(TokenSettings settings, List<ClientIdTemplate> namings, ExpressionReader expressions) {
        this.settings = settings;
        this.namings = namings;
        this.expressions = expressions;
    }

    /** Returns the valid relying parties. */
    RelyingParties read(PolicyNode place) {
        Map<String, PolicyNode> members = place.members();
        if (members.isEmpty()) {
            place.problem("must not be empty: leave the key out, or name at least one");
        }
        members.forEach((name, node) -> RelyingPartyReader.read(name, node, settings, namings, expressions)
                .ifPresent(party -> add(party, node)));
        if (parties.stream().filter(RelyingParty::uploaded).count() > MOST_UPLOADED) {
            place.problem("keys: uploaded is allowed at " + MOST_UPLOADED + " relying parties at most");
        }
        RelyingParties all = new RelyingParties(parties);
        checkSettings(place, all);
        return all;
    }

    private void add(RelyingParty party, PolicyNode place) {
        String other = known.putIfAbsent(FederatedAudience.canonical(party.audience()), party.name());
        if (other != null) {
            place.problem("the audience " + PolicyProblems.quoted(party.audience())
                    + " already belongs to the relying party " + other + ": each relying party needs its own");
            return;
        }
        parties.add(party);
    }

    private void checkSettings(PolicyNode place, RelyingParties all) {
        if (!settings.audiences().further().isEmpty()) {
            place.problem("relyingParties says the same as TOKEN_AUDIENCES: unset TOKEN_AUDIENCES, or leave "
                    + "relyingParties out");
        }
        settings.audiences()
                .set()
                .filter(audience -> all.ofAudience(audience).isEmpty())
                .ifPresent(audience -> place.problem("TOKEN_AUDIENCE is " + PolicyProblems.quoted(audience)
                        + ", which is the audience of no relying party: set it to that of one of "
                        + String.join(", ", all.names()) + ", or unset it"));
    }
}
