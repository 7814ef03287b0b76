package dev.tokenservice.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggerContextListener;
import ch.qos.logback.core.AppenderBase;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/** Everything that is logged in this process from its making until its end, starts of services included. */
public final class TestLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    /** Each start of a service sets logging up anew, and would throw this out. */
    private final class Comeback implements LoggerContextListener {

        @Override
        public boolean isResetResistant() {
            return true;
        }

        @Override
        public void onReset(LoggerContext context) {
            attach();
        }

        @Override
        public void onStart(LoggerContext context) {}

        @Override
        public void onStop(LoggerContext context) {}

        @Override
        public void onLevelChange(Logger logger, Level level) {}
    }

    private final Comeback comeback = new Comeback();

    private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();

    /** An event comes by its own logger and by the root, where the logger has no place of its own: it is taken once. */
    private final Set<ILoggingEvent> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    private final LoggerContext loggerContext = (LoggerContext) LoggerFactory.getILoggerFactory();

    /** The root, and the loggers whose lines may never come to it. */
    private final List<Logger> loggers = Stream.of(Logger.ROOT_LOGGER_NAME, "audit", "request")
            .map(loggerContext::getLogger)
            .toList();

    public TestLog() {
        setContext(loggerContext);
        loggerContext.addListener(comeback);
        attach();
    }

    private void attach() {
        start();
        loggers.forEach(logger -> logger.addAppender(this));
    }

    @Override
    protected void append(ILoggingEvent event) {
        event.prepareForDeferredProcessing();
        if (seen.add(event)) {
            events.add(event);
        }
    }

    /** The lines of the audit log. */
    public List<ILoggingEvent> audit() {
        return of("audit");
    }

    /** The lines of one logger. */
    public List<ILoggingEvent> of(String logger) {
        return events.stream()
                .filter(event -> event.getLoggerName().equals(logger))
                .toList();
    }

    /** Everything, at a level or above it, as one text. */
    public String text(Level least) {
        return events.stream()
                .filter(event -> event.getLevel().isGreaterOrEqual(least))
                .map(event -> event.getLoggerName() + ": " + event.getFormattedMessage() + " "
                        + (event.getKeyValuePairs() == null ? "" : event.getKeyValuePairs()) + " "
                        + (event.getThrowableProxy() == null
                                ? ""
                                : event.getThrowableProxy().getMessage()))
                .collect(Collectors.joining("\n"));
    }

    /** The fields of a line. */
    public static Map<String, String> fields(ILoggingEvent event) {
        return event.getKeyValuePairs().stream()
                .collect(Collectors.toMap(pair -> pair.key, pair -> String.valueOf(pair.value)));
    }

    @Override
    public void close() {
        loggerContext.removeListener(comeback);
        loggers.forEach(logger -> logger.detachAppender(this));
        stop();
    }
}
