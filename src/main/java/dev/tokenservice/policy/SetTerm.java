package dev.tokenservice.policy;

import dev.tokenservice.identity.Attribute;
import dev.tokenservice.identity.ClientAttribute;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A set in which a client has to be found.
 *
 * @param set the name of the set
 * @param attribute by which the client is looked up
 * @param row what the row is called that is found
 */
record SetTerm(String set, RowSet rows, ClientAttribute attribute, String row) {

    /**
     * What was found.
     *
     * @param row the only row; empty where there is none, or several
     */
    record Found(Truth truth, Optional<Map<String, String>> row) {}

    /** Looks the client up. With names in several rows it is not known whose row it is, which denies and does not allow. */
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

    /** As it is written in a policy. */
    String text() {
        return "in " + set + " by client." + attribute.key();
    }
}
