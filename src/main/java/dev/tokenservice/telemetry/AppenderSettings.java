package dev.tokenservice.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tokenservice.configuration.Suggestion;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.logging.common.AbstractAppenderFactory;
import io.dropwizard.logging.common.ConsoleAppenderFactory;
import io.dropwizard.logging.common.FileAppenderFactory;
import io.dropwizard.validation.BaseValidator;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A place for log lines, with the keys of Dropwizard's appenders. What a line looks like is not among them: a pattern can print
 * a header with a secret, and would not escape what a client sends.
 */
final class AppenderSettings {

    static final List<String> THRESHOLDS = List.of("ALL", "TRACE", "DEBUG", "INFO", "WARN", "ERROR", "OFF");

    private static final ObjectMapper MAPPER = Jackson.newObjectMapper();
    private static final List<String> COMMON = List.of(
            "type", "threshold", "queueSize", "discardingThreshold", "messageRate", "includeCallerData", "neverBlock");

    private static final Map<String, List<String>> KEYS = new TreeMap<>(Map.of(
            "console", List.of("target"),
            "file",
                    List.of(
                            "currentLogFilename",
                            "archive",
                            "archivedLogFilenamePattern",
                            "archivedFileCount",
                            "maxFileSize",
                            "totalSizeCap",
                            "bufferSize",
                            "immediateFlush"),
            "syslog", List.of("host", "port", "facility")));

    private static final String LAYOUT =
            "must not be set: a pattern can print a secret header; LOG_FORMAT chooses the layout, json or text";
    private static final Map<String, String> REFUSED = Map.of(
            "logFormat", LAYOUT,
            "layout", LAYOUT,
            "filterFactories", "must not be set: use threshold and logging.loggers",
            "timeZone", "must not be set: times are in UTC",
            "stackTracePrefix", "must not be set: a stack trace is part of its line",
            "includeStackTrace", "must not be set: a stack trace is part of its line");

    private final ObjectNode node;

    AppenderSettings(ObjectNode node) {
        this.node = node.deepCopy();
        // Levels are read in any case, as everywhere.
        if (node.path("threshold").isTextual()) {
            this.node.put("threshold", node.path("threshold").asText().toUpperCase(Locale.ROOT));
        }
    }

    /** Returns those of a list, as far as it holds any. */
    static List<AppenderSettings> of(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .filter(ObjectNode.class::isInstance)
                .map(item -> new AppenderSettings((ObjectNode) item))
                .toList();
    }

    private String type() {
        return node.path("type").asText();
    }

    /** What is wrong with them, in order. */
    List<String> problems() {
        if (!KEYS.containsKey(type())) {
            return List.of("type must be one of " + KEYS.keySet() + Suggestion.among(KEYS.keySet(), type()));
        }
        List<String> ofKeys = node.properties().stream()
                .flatMap(member -> problem(member.getKey()).stream())
                .toList();
        return ofKeys.isEmpty() ? problemsOfValues() : ofKeys;
    }

    private Optional<String> problem(String key) {
        if (REFUSED.containsKey(key)) {
            return Optional.of(key + " " + REFUSED.get(key));
        }
        TreeSet<String> known = new TreeSet<>(COMMON);
        known.addAll(KEYS.getOrDefault(type(), List.of()));
        if (!known.contains(key)) {
            return Optional.of("the key " + key + " is not known; the known ones of type " + type() + " are " + known
                    + Suggestion.among(known, key));
        }
        String level = node.path("threshold").asText("ALL");
        return key.equals("threshold") && !THRESHOLDS.contains(level)
                ? Optional.of("threshold must be one of " + THRESHOLDS + Suggestion.among(THRESHOLDS, level))
                : Optional.empty();
    }

    private List<String> problemsOfValues() {
        try {
            return BaseValidator.newValidator().validate(read()).stream()
                    .map(violation -> (violation.getPropertyPath() + " " + violation.getMessage()).strip())
                    .sorted()
                    .toList();
        } catch (JsonProcessingException e) {
            return List.of("cannot be used: "
                    + e.getOriginalMessage().lines().findFirst().orElse(""));
        }
    }

    private AbstractAppenderFactory<ILoggingEvent> read() throws JsonProcessingException {
        return switch (type()) {
            case "console" ->
                MAPPER.convertValue(
                        node,
                        MAPPER.getTypeFactory()
                                .constructParametricType(ConsoleAppenderFactory.class, ILoggingEvent.class));
            case "file" ->
                MAPPER.convertValue(
                        node,
                        MAPPER.getTypeFactory()
                                .constructParametricType(FileAppenderFactory.class, ILoggingEvent.class));
            default -> MAPPER.treeToValue(node, SyslogLinesFactory.class);
        };
    }

    /** Returns the file that lines go to, where it is one. */
    Optional<Path> file() {
        return Stream.of(node.path("currentLogFilename"))
                .filter(JsonNode::isTextual)
                .map(name -> Path.of(name.asText()))
                .findFirst();
    }

    /** What writes to the place, in a layout of the service. */
    AbstractAppenderFactory<ILoggingEvent> build(ServiceLayoutFactory layout) {
        try {
            AbstractAppenderFactory<ILoggingEvent> factory = read();
            factory.setLayout(layout);
            return factory;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the settings were validated", e);
        }
    }
}
