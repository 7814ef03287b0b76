package dev.tokenservice.configuration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tokenservice.oauth.OAuthException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Keys that name no setting. Every setting has a variable, so that the table of variables is that of the settings, too; the
 * framework's own, which its classes would take, have no meaning here.
 */
final class UnknownKeys {

    private UnknownKeys() {}

    /** Takes the keys out of the tree, and tells which they were. Their values may be anything, and are not repeated. */
    static List<Problem> removeFrom(ObjectNode root) {
        List<Problem> problems = new ArrayList<>();
        remove(root, "", problems);
        return problems;
    }

    private static void remove(ObjectNode group, String prefix, List<Problem> problems) {
        Set<String> known = known(prefix);
        for (Map.Entry<String, JsonNode> member : List.copyOf(group.properties())) {
            String key = member.getKey();
            if (!known.contains(key)) {
                problems.add(new Problem(
                        prefix + printable(key), "", "the key is not known; the known ones here are " + known));
                group.remove(key);
            } else if (member.getValue() instanceof ObjectNode child
                    && Variables.ofPath(prefix + key).isEmpty()) {
                remove(child, prefix + key + ".", problems);
            }
        }
    }

    private static Set<String> known(String prefix) {
        Set<String> keys = new TreeSet<>();
        for (Variable variable : Variables.ALL) {
            if (variable.path().startsWith(prefix)) {
                String rest = variable.path().substring(prefix.length());
                int dot = rest.indexOf('.');
                keys.add(dot < 0 ? rest : rest.substring(0, dot));
            }
        }
        return keys;
    }

    private static String printable(String key) {
        return key.chars().allMatch(c -> c > ' ' && c <= '~') ? key : OAuthException.quote(key);
    }
}
