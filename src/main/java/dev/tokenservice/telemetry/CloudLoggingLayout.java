package dev.tokenservice.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.pattern.RootCauseFirstThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dropwizard.logging.json.layout.AbstractJsonLayout;
import io.dropwizard.logging.json.layout.JsonFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.event.KeyValuePair;

/** One JSON object a line, in the field names that Cloud Logging gives a meaning to. */
final class CloudLoggingLayout extends AbstractJsonLayout<ILoggingEvent> {

    /** What a search in Cloud Logging filters by: few values each. */
    private static final List<String> LABELS = List.of("decision", "error", "reason_code", "flow");

    private final RootCauseFirstThrowableProxyConverter stackTrace = new RootCauseFirstThrowableProxyConverter();
    private final Supplier<Optional<String>> project;

    CloudLoggingLayout(Supplier<Optional<String>> project) {
        super(new JsonFormatter(escaping(), false, true));
        this.project = project;
        stackTrace.start();
    }

    /** Not even a terminal that is shown the raw line is to act on what stands in it. */
    private static ObjectMapper escaping() {
        return JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    }

    @Override
    protected Map<String, Object> toJsonMap(ILoggingEvent event) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("severity", severity(event.getLevel()));
        line.put("time", event.getInstant().toString());
        line.put("message", event.getFormattedMessage());
        line.put("logger", event.getLoggerName());
        line.put("thread", event.getThreadName());
        Optional.ofNullable(event.getMDCPropertyMap().get(TraceContext.MDC_KEY))
                .ifPresent(id -> line.put("logging.googleapis.com/trace", trace(id)));
        if (event.getKeyValuePairs() != null) {
            addKeyValues(line, event.getKeyValuePairs());
        }
        if (event.getThrowableProxy() != null) {
            line.put("stack_trace", stackTrace.convert(event));
        }
        return line;
    }

    private static void addKeyValues(Map<String, Object> line, List<KeyValuePair> pairs) {
        Map<String, String> labels = new LinkedHashMap<>();
        for (KeyValuePair pair : pairs) {
            if (LABELS.contains(pair.key)) {
                labels.put(pair.key, String.valueOf(pair.value));
            }
            line.putIfAbsent(pair.key, jsonValue(pair.value));
        }
        if (!labels.isEmpty()) {
            line.put("logging.googleapis.com/labels", labels);
        }
    }

    private static Object jsonValue(Object value) {
        return value instanceof Number || value instanceof Boolean || value instanceof Map
                ? value
                : String.valueOf(value);
    }

    private String trace(String id) {
        return project.get().map(name -> "projects/" + name + "/traces/" + id).orElse(id);
    }

    /** Cloud Logging's LogSeverity knows WARNING, not WARN, and nothing below DEBUG. */
    private static String severity(Level level) {
        return switch (level.toInt()) {
            case Level.ERROR_INT -> "ERROR";
            case Level.WARN_INT -> "WARNING";
            case Level.INFO_INT -> "INFO";
            default -> "DEBUG";
        };
    }
}
