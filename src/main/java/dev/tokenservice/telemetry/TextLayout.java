package dev.tokenservice.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.LayoutBase;
import io.dropwizard.logging.common.PrefixedRootCauseFirstThrowableProxyConverter;
import org.slf4j.event.KeyValuePair;

/** One line of text an event, which no value in it can break or forge: control characters are escaped. */
final class TextLayout extends LayoutBase<ILoggingEvent> {

    private static final char LINE_SEPARATOR = '\u2028';
    private static final char PARAGRAPH_SEPARATOR = '\u2029';

    /** Starts every line of a stack trace with an exclamation mark, which sets it apart from a log line. */
    private final PrefixedRootCauseFirstThrowableProxyConverter stackTrace =
            new PrefixedRootCauseFirstThrowableProxyConverter();

    TextLayout() {
        stackTrace.start();
    }

    @Override
    public String doLayout(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(256);
        line.append(event.getInstant())
                .append(' ')
                .append(event.getLevel())
                .append(' ')
                .append(event.getLoggerName())
                .append(": ");
        escape(line, event.getFormattedMessage(), false);
        if (event.getKeyValuePairs() != null) {
            for (KeyValuePair pair : event.getKeyValuePairs()) {
                line.append(' ').append(pair.key).append("=\"");
                escape(line, String.valueOf(pair.value), true);
                line.append('"');
            }
        }
        String trace = event.getMDCPropertyMap().get(TraceContext.MDC_KEY);
        if (trace != null) {
            line.append(" trace=\"").append(trace).append('"');
        }
        line.append(System.lineSeparator());
        if (event.getThrowableProxy() != null) {
            stackTrace.convert(event).lines().forEach(traceLine -> {
                escape(line, traceLine, false);
                line.append(System.lineSeparator());
            });
        }
        return line.toString();
    }

    private static void escape(StringBuilder line, String text, boolean inQuotes) {
        int written = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean quoted = inQuotes && (c == '"' || c == '\\');
            if (quoted || Character.isISOControl(c) || c == LINE_SEPARATOR || c == PARAGRAPH_SEPARATOR) {
                line.append(text, written, i).append(quoted ? "\\" + c : String.format("\\u%04x", (int) c));
                written = i + 1;
            }
        }
        line.append(text, written, text.length());
    }
}
