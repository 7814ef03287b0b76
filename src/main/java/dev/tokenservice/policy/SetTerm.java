package dev.tokenservice.policy;

import dev.tokenservice.identity.Attribute;
import dev.tokenservice.identity.ClientAttribute;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A set in which a rule must find the client.
 *
 * @param set the name of the set
 * @param attribute the attribute by which the client is found
 * @param row the name of the row in expressions
 */
record SetTerm(String set, RowSet rows, ClientAttribute attribute, String row) {

    /**
     * The result of a search.
     *
     * @param row the row; empty if there is none, or several
     */
    record Found(Truth truth, Optional<Map<String, String>> row) {}

    /**
     * Finds the client. If its names are in several rows, the result is unknown: a rule that allows does not match, and a
     * rule that denies does.
     */
    Found find(ClientFacts client) {
        Attribute<List<String>> keys = client.texts(attribute);
        if (keys.value().isEmpty()) {
            return new Found(keys.isAbsent() ? Truth.FALSE : Truth.UNKNOWN, Optional.empty());
        }
        List<Map<String, String>> found = keys.value().get().stream()
                .distinct()
                .flatMap(key -> rows.find(key).stream())
                .collect(Collectors.toList());
        return new Found(
                found.size() > 1 ? Truth.UNKNOWN : Truth.of(!found.isEmpty()),
                found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty());
    }

    /** Returns the term as it is written in a policy. */
    String text() {
        return "in " + set + " by client." + attribute.key();
    }
}
