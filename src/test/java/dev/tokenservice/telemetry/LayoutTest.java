package dev.tokenservice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.LayoutBase;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.event.KeyValuePair;

/** Log lines of both kinds: one line an event, whatever is in it. */
class LayoutTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final JsonMapper JSON = new JsonMapper();

    private final LoggerContext context = new LoggerContext();
    private final Logger logger = context.getLogger("audit");

    private LoggingEvent event(Level level, String message, KeyValuePair... fields) {
        return event(Map.of(), level, message, fields);
    }

    private LoggingEvent event(Map<String, String> mdc, Level level, String message, KeyValuePair... fields) {
        LoggingEvent event = new LoggingEvent("here", logger, level, message, null, new Object[0]);
        event.setInstant(Instant.parse("2026-01-02T03:04:05.006Z"));
        event.setMDCPropertyMap(mdc);
        for (KeyValuePair field : fields) {
            event.addKeyValuePair(field);
        }
        return event;
    }

    private String line(boolean json, LoggingEvent event) {
        LayoutBase<ch.qos.logback.classic.spi.ILoggingEvent> layout =
                new ServiceLayoutFactory(json, () -> Optional.of("test-project")).build(context, TimeZone.getDefault());
        layout.start();
        String line = layout.doLayout(event);
        layout.stop();
        return line;
    }

    private JsonNode json(LoggingEvent event) throws Exception {
        String line = line(true, event);
        assertThat(line).endsWith("\n");
        assertThat(line.strip()).doesNotContain("\n");
        return JSON.readTree(line);
    }

    @Test
    void text_plainEvent_isReadable() {
        assertThat(line(false, event(Level.INFO, "token issued", new KeyValuePair("flow", "x"))))
                .isEqualTo("2026-01-02T03:04:05.006Z INFO audit: token issued flow=\"x\"" + System.lineSeparator());
    }

    @Test
    void text_controlCharactersAndQuotes_cannotForgeALineOrAField() {
        String line = line(
                false,
                event(
                        Level.INFO,
                        "a\r\nb\u001b[31m\u0085\u2028",
                        new KeyValuePair("agent", "x\" status=\"200\\\n\u0000\u007f")));

        assertThat(line.strip())
                .isEqualTo("2026-01-02T03:04:05.006Z INFO audit: a\\u000d\\u000ab\\u001b[31m\\u0085\\u2028"
                        + " agent=\"x\\\" status=\\\"200\\\\\\u000a\\u0000\\u007f\"");
    }

    @Test
    void text_exceptionWithNewlinesInItsMessage_staysMarkedAsOne() {
        LoggingEvent event = new LoggingEvent(
                "here",
                logger,
                Level.ERROR,
                "failed",
                new IllegalStateException("a\n2026-01-02T03:04:05.006Z INFO audit: forged\r\nb\u001b[31m"),
                new Object[0]);
        event.setInstant(Instant.EPOCH);
        event.setMDCPropertyMap(new HashMap<>());

        String text = line(false, event);

        assertThat(text.lines().skip(1)).allSatisfy(line -> assertThat(line).startsWith("!"));
        assertThat(text).doesNotContain("\u001b").doesNotContain("\r");
    }

    @Test
    void text_tracedEvent_saysSo() {
        LoggingEvent event = event(Map.of("trace", TRACE), Level.INFO, "x");

        assertThat(line(false, event)).contains(" trace=\"" + TRACE + "\"");
    }

    @ParameterizedTest
    @CsvSource({"ERROR, ERROR", "WARN, WARNING", "INFO, INFO", "DEBUG, DEBUG", "TRACE, DEBUG"})
    void json_level_isASeverityOfCloudLogging(String level, String severity) throws Exception {
        assertThat(json(event(Level.toLevel(level), "x")).path("severity").textValue())
                .isEqualTo(severity);
    }

    @Test
    void json_fields_areMembersAndSomeOfThemLabels() throws Exception {
        LoggingEvent event = event(
                Map.of("trace", TRACE),
                Level.INFO,
                "a\n\"b\u2028",
                new KeyValuePair("decision", "issued"),
                new KeyValuePair("status", 200),
                new KeyValuePair("client_id", "x\"\n"),
                new KeyValuePair("severity", "forged"));

        JsonNode line = json(event);

        assertThat(line.path("message").textValue()).isEqualTo("a\n\"b\u2028");
        assertThat(line.path("time").textValue()).isEqualTo("2026-01-02T03:04:05.006Z");
        assertThat(line.path("severity").textValue()).isEqualTo("INFO");
        assertThat(line.path("status").intValue()).isEqualTo(200);
        assertThat(line.path("client_id").textValue()).isEqualTo("x\"\n");
        assertThat(line.path("logging.googleapis.com/trace").textValue())
                .isEqualTo("projects/test-project/traces/" + TRACE);
        assertThat(line.path("logging.googleapis.com/labels").toString()).isEqualTo("{\"decision\":\"issued\"}");
    }

    @Test
    void json_exception_isAMember() throws Exception {
        LoggingEvent event = new LoggingEvent(
                "here", logger, Level.ERROR, "failed", new IllegalStateException("why\nnot"), new Object[0]);
        event.setInstant(Instant.EPOCH);
        event.setMDCPropertyMap(new HashMap<>());

        assertThat(json(event).path("stack_trace").textValue())
                .contains("IllegalStateException: why\nnot")
                .contains("LayoutTest");
    }
}
