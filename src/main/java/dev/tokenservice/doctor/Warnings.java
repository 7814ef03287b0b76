package dev.tokenservice.doctor;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.read.ListAppender;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * What the service's own code warns of while it is looked at. It becomes findings, and nothing is logged: the output is for
 * the findings.
 */
final class Warnings implements AutoCloseable {

    private static final String OURS = "dev.tokenservice";

    private final Logger root = ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(Logger.ROOT_LOGGER_NAME);
    private final Level level = root.getLevel();
    private final List<Appender<ILoggingEvent>> appenders = new ArrayList<>();
    private final ListAppender<ILoggingEvent> collected = new ListAppender<>();

    Warnings() {
        Iterator<Appender<ILoggingEvent>> iterator = root.iteratorForAppenders();
        iterator.forEachRemaining(appenders::add);
        appenders.forEach(root::detachAppender);
        collected.start();
        root.addAppender(collected);
        root.setLevel(Level.WARN);
    }

    /** What was warned of since this was asked last. */
    List<String> take() {
        List<String> messages = List.copyOf(collected.list).stream()
                .filter(event -> event.getLoggerName().startsWith(OURS)
                        && event.getLevel().isGreaterOrEqual(Level.WARN))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
        collected.list.clear();
        return messages;
    }

    @Override
    public void close() {
        root.detachAppender(collected);
        root.setLevel(level);
        appenders.forEach(root::addAppender);
    }
}
