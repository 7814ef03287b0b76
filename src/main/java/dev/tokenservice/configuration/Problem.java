package dev.tokenservice.configuration;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tokenservice.oauth.OAuthException;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * One thing that is wrong with the configuration.
 *
 * @param path the setting, its keys joined by dots
 * @param found what stands there now; empty where nothing does, and never a secret
 * @param allowed what may stand there
 */
public record Problem(String path, String found, String allowed) {

    static Problem at(String path, JsonNode found, String allowed) {
        if (found.isMissingNode() || found.isNull()) {
            return new Problem(path, "", allowed);
        }
        if (Variables.mayHoldSecret(path)) {
            return new Problem(path, "a value that is not shown", allowed);
        }
        return new Problem(path, OAuthException.quote(text(found)), allowed);
    }

    /** A list as it is written in a variable. */
    private static String text(JsonNode found) {
        if (found.isArray()) {
            return StreamSupport.stream(found.spliterator(), false)
                    .map(JsonNode::asText)
                    .collect(Collectors.joining(","));
        }
        return found.isValueNode() ? found.asText() : found.toString();
    }

    /** The setting, and its environment variable where it has one. */
    public String setting() {
        return path
                + Variables.ofPath(path)
                        .map(known -> " (" + String.join(" or ", known.names()) + ")")
                        .orElse("");
    }

    /** One line: the setting, its environment variable, what was found, what is allowed. */
    public String line() {
        return setting() + ": " + (found.isEmpty() ? "" : "found " + found + ", ") + allowed;
    }
}
