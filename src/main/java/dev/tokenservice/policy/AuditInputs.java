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
 * What rules were given to read, for the audit line: a later policy can be asked what it would have decided. An attribute that is
 * absent is left out. One of which the evidence does not tell is in the list {@code unknown}, one that is too long in {@code cut}.
 */
final class AuditInputs {

    static final String CLIENT = "client.";
    static final String TWINS = CLIENT + "sha256Twins";
    static final String UNKNOWN = "unknown";
    static final String CUT = "cut";

    /** Leaves room for everything else in a line of 16 KiB. */
    private static final int MAX_LENGTH = 8 * 1024;

    private static final int ESCAPE = "\\u0000".length();

    private AuditInputs() {}

    /**
     * The inputs of a decision.
     *
     * @param audience of the token, where the client does not name a relying party
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

    /** Takes the longest out until the others fit. Most are so short that they fit even if each character were an escape. */
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

    /** As long as it is in the line, where a control character is an escape of six. */
    private static int length(Map<String, Object> inputs, String key) {
        return (key + inputs.get(key)).chars().map(AuditInputs::length).sum();
    }

    private static int length(int character) {
        return character < ' ' || character > '~' ? ESCAPE : character == '"' || character == '\\' ? 2 : 1;
    }
}
