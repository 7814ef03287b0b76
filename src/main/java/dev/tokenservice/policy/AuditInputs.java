package dev.tokenservice.policy;

import dev.tokenservice.identity.Attribute;
import dev.tokenservice.identity.ClientAttribute;
import dev.tokenservice.identity.ClientAttribute.Kind;
import dev.tokenservice.oauth.TokenRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The inputs of the rules for the audit line, so that {@code policy replay} can test another policy with them. Absent
 * attributes are omitted. The list {@code unknown} has those that the evidence does not contain, and {@code cut} those that
 * were too long.
 */
final class AuditInputs {

    static final String CLIENT = "client.";
    static final String TWINS = CLIENT + "sha256Twins";
    static final String UNKNOWN = "unknown";
    static final String CUT = "cut";

    /** Leaves space for the rest of a line of 16 KiB. In characters. */
    private static final int MAX_LENGTH = 8 * 1024;

    private static final int ESCAPE = "\\u0000".length();

    private AuditInputs() {}

    /**
     * Returns the inputs of a decision.
     *
     * @param audience the audience of the token; not used if the request names a relying party
     */
    static Map<String, Object> of(ClientFacts client, TokenRequest request, String audience) {
        Map<String, Object> inputs = new LinkedHashMap<>();
        List<String> unknown = new ArrayList<>();
        for (ClientAttribute attribute : ClientAttribute.values()) {
            Attribute<?> value = client.apply(attribute);
            value.value()
                    .ifPresent(known -> inputs.put(
                            CLIENT + attribute.key(), attribute.kind() == Kind.TIME ? known.toString() : known));
            if (value.isUnknown()) {
                unknown.add(CLIENT + attribute.key());
            }
        }
        if (!client.twins().isEmpty()) {
            inputs.put(TWINS, client.twins().stream().sorted().toList());
        }
        inputs.put("request.audience", audience);
        request.relyingParty().ifPresent(name -> inputs.put("request.relyingParty", name));
        if (request.wantsAccessToken()) {
            inputs.put("request.scopes", request.scopes());
            request.serviceAccount().ifPresent(account -> inputs.put("request.serviceAccount", account));
        }
        List<String> cut = cut(inputs);
        inputs.put(UNKNOWN, unknown);
        inputs.put(CUT, cut);
        return inputs;
    }

    /** Removes the longest inputs until the others fit. Skips the exact count if they fit even with each character escaped. */
    private static List<String> cut(Map<String, Object> inputs) {
        if (ESCAPE * inputs.toString().length() <= MAX_LENGTH) {
            return List.of();
        }
        List<String> cut = new ArrayList<>();
        List<String> longest = inputs.keySet().stream()
                .sorted(Comparator.comparingInt((String key) -> length(inputs, key))
                        .reversed())
                .toList();
        int total = longest.stream().mapToInt(key -> length(inputs, key)).sum();
        for (String key : longest) {
            if (total > MAX_LENGTH) {
                total -= length(inputs, key);
                inputs.remove(key);
                cut.add(key);
            }
        }
        return cut;
    }

    /** Returns the length in the line, where the escape of a control character has six characters. */
    private static int length(Map<String, Object> inputs, String key) {
        return (key + inputs.get(key)).chars().map(AuditInputs::length).sum();
    }

    private static int length(int character) {
        return character < ' ' || character > '~' ? ESCAPE : character == '"' || character == '\\' ? 2 : 1;
    }
}
