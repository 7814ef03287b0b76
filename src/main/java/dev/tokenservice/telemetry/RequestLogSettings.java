package dev.tokenservice.telemetry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Locale;

/**
 * Where the access log goes.
 *
 * @param value on: to where all lines go; off; or an appender, also as Dropwizard writes it, in a list {@code appenders}
 */
public record RequestLogSettings(JsonNode value) {

    /** The logger of the access log. */
    public static final String LOGGER = "request";

    /** What is set where nothing is. */
    public static final JsonNode ON = TextNode.valueOf("on");

    private String word() {
        return value.asText("").toLowerCase(Locale.ROOT);
    }

    boolean isOff() {
        return List.of("off", "false").contains(word())
                || (value.size() == 1
                        && value.path("appenders").isArray()
                        && value.path("appenders").isEmpty());
    }

    /** Returns the places that have it for themselves; none if it goes with all other lines. */
    List<AppenderSettings> appenders() {
        if (value.path("appenders").isArray()) {
            return AppenderSettings.of(value.path("appenders"));
        }
        return value instanceof ObjectNode appender ? List.of(new AppenderSettings(appender)) : List.of();
    }

    /** What is wrong with it. */
    public List<String> problems() {
        if (!value.isObject()) {
            return List.of("on", "off", "true", "false").contains(word())
                    ? List.of()
                    : List.of("must be on, off, or an appender: {type: console}, file or syslog");
        }
        if (value.path("appenders").isArray() && value.size() > 1) {
            return List.of("may have appenders only: there is one kind of access log");
        }
        return appenders().stream()
                .flatMap(appender -> appender.problems().stream())
                .toList();
    }
}
