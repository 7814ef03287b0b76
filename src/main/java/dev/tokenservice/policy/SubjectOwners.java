package dev.tokenservice.policy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checks that a subject from rows has one owner: one row of one set, found through one authority. */
final class SubjectOwners {

    static final String ROW = "device";

    private record Owner(String set, String authority) {}

    private final Map<String, Owner> owners = new HashMap<>();

    /**
     * Checks a rule that allows a relying party.
     *
     * @param sets the sets in which the rule finds rows
     * @param authorities the authorities of its clients
     * @param place the place of the rule
     */
    void check(RelyingParty party, List<SetTerm> sets, List<String> authorities, PolicyNode place) {
        if (party.columns().isEmpty()) {
            return;
        }
        Optional<SetTerm> found =
                sets.stream().filter(set -> set.row().equals(ROW)).findFirst();
        if (found.isEmpty()) {
            place.problem("the relying party " + party.name() + " reads " + ROW + "."
                    + party.columns().iterator().next() + ": the rule must find the row, with in");
            return;
        }
        party.columns().stream()
                .filter(column -> !found.get().rows().columns().contains(column))
                .forEach(column -> place.problem("the relying party " + party.name() + " reads " + ROW + "." + column
                        + ", and the set " + found.get().set() + " has only "
                        + String.join(", ", found.get().rows().columns())));
        if (!party.subject().ofClient()) {
            checkOwner(party, found.get(), authorities, place);
        }
    }

    private void checkOwner(RelyingParty party, SetTerm found, List<String> authorities, PolicyNode place) {
        String key = ROW + "." + found.rows().key();
        if (!party.subject().template().named().contains(key)) {
            place.problem("two rows of the set " + found.set() + " could have one subject: the subject of "
                    + party.name() + " must hold {" + key + "} or {client.id}");
        }
        if (authorities.size() != 1) {
            place.problem("the rule must name one authority: the subject of " + party.name() + " belongs to one row, "
                    + "reached through one authority");
            return;
        }
        Owner owner = new Owner(found.set(), authorities.get(0));
        Owner other = owners.putIfAbsent(party.name(), owner);
        if (other != null && !other.equals(owner)) {
            place.problem("the subject of " + party.name() + " is made from rows of " + other.set()
                    + " for clients of " + other.authority() + " in a rule before: with other rows, or another "
                    + "authority, it must hold {client.id}");
        }
    }
}
