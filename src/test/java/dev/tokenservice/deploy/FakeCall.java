package dev.tokenservice.deploy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A command that was run: its words as they were, what it read, and, for gcloud, what it means.
 *
 * @param words the command and its arguments
 * @param input what it read from standard input
 * @param group the words before the action, such as {@code compute addresses}
 * @param action such as {@code create}; the second word where it is not gcloud
 * @param name the word after the action, if there is one
 * @param flags values by name without dashes; empty for a flag without a value
 */
record FakeCall(List<String> words, String input, String group, String action, String name, Map<String, String> flags) {

    private static final Set<String> READING =
            Set.of("describe", "list", "get-iam-policy", "access", "configure-docker", "rev-parse", "status");

    private static final Set<String> ACTIONS = Set.of(
            "describe",
            "list",
            "get-iam-policy",
            "access",
            "configure-docker",
            "create",
            "create-oidc",
            "update",
            "update-oidc",
            "set-default-service",
            "set-target",
            "add-backend",
            "add",
            "add-iam-policy-binding",
            "enable",
            "undelete",
            "import",
            "replace",
            "delete");

    static FakeCall of(List<String> words, String input) {
        List<String> group = new ArrayList<>();
        Map<String, String> flags = new LinkedHashMap<>();
        List<String> names = new ArrayList<>();
        String action = "";
        for (String word : words.subList(1, words.size())) {
            if (word.startsWith("--")) {
                String[] parts = word.substring(2).split("=", 2);
                flags.put(parts[0], parts.length > 1 ? parts[1] : "");
            } else if (!action.isEmpty()) {
                names.add(word);
            } else if (ACTIONS.contains(word) || !words.get(0).equals("gcloud")) {
                action = word;
            } else {
                group.add(word);
            }
        }
        return new FakeCall(words, input, String.join(" ", group), action, String.join(" ", names), flags);
    }

    String flag(String flag) {
        return flags.getOrDefault(flag, "");
    }

    /** Whether it is a command for the cloud or the image that changes something. */
    boolean isChange() {
        return (words.get(0).equals("gcloud") || words.get(0).equals("docker")) && !READING.contains(action);
    }

    /** Without arguments: {@code gcloud compute addresses create}. */
    String verb() {
        return String.join(" ", Arrays.asList(words.get(0), group, action)).replace("  ", " ");
    }
}
