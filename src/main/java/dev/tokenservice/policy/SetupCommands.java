package dev.tokenservice.policy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Commands that set up a relying party, from a template for each profile. {@code {{name}}} is a placeholder for a value. */
final class SetupCommands {

    /** {@code {{name}}} becomes one word of a shell, {@code {{name:json}}} a JSON string. */
    private static final Pattern BLANK = Pattern.compile("\\{\\{([a-zA-Z]+)(:json)?}}");

    private static final Pattern PLAIN_WORD = Pattern.compile("[A-Za-z0-9_./:@%+=,-]+");
    private static final String UNKNOWN_ISSUER = "https://ISSUER";
    private static final String SCHEME = "https://";

    private SetupCommands() {}

    static List<String> of(RelyingParty party, Optional<String> issuer) {
        return filled(party.profile().label(), party, issuer);
    }

    /** Returns the commands that upload keys. */
    static List<String> ofKeys(RelyingParty party, Optional<String> issuer) {
        boolean known = party.profile() == Profile.GOOGLE || party.profile() == Profile.VAULT;
        return filled(known ? "keys-" + party.profile().label() : "keys", party, issuer);
    }

    private static List<String> filled(String name, RelyingParty party, Optional<String> issuer) {
        String url = issuer.orElse(UNKNOWN_ISSUER);
        String host = url.startsWith(SCHEME) ? url.substring(SCHEME.length()) : url;
        Map<String, String> values = new HashMap<>();
        values.put("name", party.name());
        values.put("issuer", url);
        values.put("audience", party.audience());
        values.put("provider", "arn:aws:iam::ACCOUNT:oidc-provider/" + host);
        values.put("audKey", host + ":aud");
        values.put("subKey", host + ":sub");
        return text(name).lines().map(line -> fill(line, values)).toList();
    }

    private static String fill(String line, Map<String, String> values) {
        return BLANK.matcher(line)
                .replaceAll(blank -> Matcher.quoteReplacement(
                        blank.group(2) == null
                                ? word(values.getOrDefault(blank.group(1), ""))
                                : json(values.getOrDefault(blank.group(1), ""))));
    }

    private static String word(String value) {
        return PLAIN_WORD.matcher(value).matches() ? value : "'" + value.replace("'", "'\\''") + "'";
    }

    private static String json(String value) {
        return "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private static String text(String name) {
        try (InputStream text = SetupCommands.class.getResourceAsStream(name + ".txt")) {
            if (text == null) {
                throw new IllegalStateException("no commands for " + name);
            }
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("the jar cannot be read", e);
        }
    }
}
