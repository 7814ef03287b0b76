package dev.tokenservice.configuration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Lets the documented settings into the configuration, and nothing else: the classes below it would take more, such as a
 * second connector or another log, with which the promises of this service would not hold.
 */
final class KnownKeys {

    /** Sections that Dropwizard fills with what a type names; here there is one type for each. */
    private static final List<String> TYPED = List.of("server", "logging");

    private static final String TYPE = "token-service";

    private KnownKeys() {}

    /** Takes what is not known out of the tree, and tells of it. */
    static List<Problem> removeOthers(ObjectNode root) {
        List<Problem> problems = new ArrayList<>();
        removeOthers(root, "", problems);
        TYPED.forEach(section -> {
            if (root.path(section) instanceof ObjectNode settings) {
                settings.put("type", TYPE);
            }
        });
        return problems;
    }

    private static void removeOthers(ObjectNode group, String prefix, List<Problem> problems) {
        Set<String> known = known(prefix);
        for (Map.Entry<String, JsonNode> member : List.copyOf(group.properties())) {
            String path = prefix + member.getKey();
            if (!known.contains(member.getKey())) {
                group.remove(member.getKey());
                problems.add(
                        Problem.at(path, member.getValue(), "the key is not known; the known ones here are " + known));
            } else if (member.getValue() instanceof ObjectNode child) {
                removeOthers(child, path + ".", problems);
            }
        }
    }

    private static Set<String> known(String prefix) {
        Set<String> keys = new TreeSet<>();
        Variables.ALL.stream()
                .map(Variable::path)
                .filter(path -> path.startsWith(prefix))
                .map(path -> path.substring(prefix.length()).split("\\.", 2)[0])
                .forEach(keys::add);
        return keys;
    }
}
