package dev.tokenservice.telemetry;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.LayoutBase;
import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.dropwizard.logging.common.AppenderFactory;
import io.dropwizard.logging.common.DefaultLoggingFactory;
import io.dropwizard.logging.common.LoggingFactory;
import io.dropwizard.logging.common.async.AsyncLoggingEventAppenderFactory;
import io.dropwizard.logging.common.filter.ThresholdLevelFilterFactory;
import io.dropwizard.logging.common.layout.DropwizardLayoutFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TimeZone;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;

/**
 * Logs as text or as JSON with Cloud Logging's field names. Audit lines go to the console, whatever is set for all others, and
 * none is dropped: where the console is slow the service waits, because an audit line that is lost cannot be had again.
 */
public final class ServiceLogging implements LoggingFactory {

    /** Where the running log keeps the project id: credentials that know it are made after the log. */
    private static final String PROJECT = "google-cloud-project";

    /** At INFO the frameworks log a page about themselves at every start-up. Their warnings are for the operator. */
    private static final Map<String, JsonNode> QUIET = Map.of(
            "io.dropwizard", TextNode.valueOf("WARN"),
            "org.eclipse.jetty", TextNode.valueOf("WARN"),
            "io.dropwizard.health.HealthCheckManager", TextNode.valueOf("INFO"));

    private static final Duration FLUSH = Duration.ofSeconds(5);
    private static final TimeZone UTC = TimeZone.getTimeZone("UTC");

    private final boolean json;
    private final String level;
    private final Map<String, String> loggers;
    private final List<AppenderSettings> appenders;
    private final RequestLogSettings requestLog;
    private final Optional<String> project;

    /**
     * Takes the settings.
     *
     * @param json whether lines are JSON
     * @param level the least level of the diagnostics
     * @param loggers other levels, by the name of the logger
     * @param appenders where lines go that are not for the audit; none: to the console
     * @param project project id, for the trace links; where it is empty, the one of the credentials
     */
    ServiceLogging(
            boolean json,
            String level,
            Map<String, String> loggers,
            List<AppenderSettings> appenders,
            RequestLogSettings requestLog,
            Optional<String> project) {
        this.json = json;
        this.level = level;
        this.loggers = Map.copyOf(loggers);
        this.appenders = List.copyOf(appenders);
        this.requestLog = requestLog;
        this.project = project;
    }

    @Override
    public void configure(MetricRegistry metrics, String name) {
        LoggerContext context = context();
        AppenderFactory<ILoggingEvent> console = console(context);
        DefaultLoggingFactory logging = new DefaultLoggingFactory();
        logging.setAppenders(appenders.isEmpty() ? List.of(console) : built(appenders));
        logging.setLevel(level);
        logging.setLoggers(levels());
        logging.configure(metrics, name);
        giveOwn(AuditLog.LOGGER, List.of(console), name);
        giveOwn(RequestLogSettings.LOGGER, built(requestLog.appenders()), name);
        context.addTurboFilter(new ExhaustionFilter());
        context.addTurboFilter(new PinnedLoggers());
        project.ifPresent(id -> context.putProperty(PROJECT, id));
    }

    /** One writer for the audit and, where nothing else is set, all other lines, so that they stay in order. */
    private AppenderFactory<ILoggingEvent> console(LoggerContext context) {
        LayoutBase<ILoggingEvent> layout = layout(json).build(context, UTC);
        layout.start();
        ConsoleLines lines = new ConsoleLines(layout);
        lines.setContext(context);
        return (unused, name, layouts, levels, queues) -> {
            if (!lines.isStarted()) {
                lines.start();
            }
            return lines;
        };
    }

    private List<AppenderFactory<ILoggingEvent>> built(List<AppenderSettings> settings) {
        return settings.stream()
                .<AppenderFactory<ILoggingEvent>>map(appender -> appender.build(layout(json)))
                .toList();
    }

    private Map<String, JsonNode> levels() {
        Map<String, JsonNode> levels = new LinkedHashMap<>(level.equals("INFO") ? QUIET : Map.of());
        if (requestLog.isOff()) {
            levels.put(RequestLogSettings.LOGGER, TextNode.valueOf("OFF"));
        }
        loggers.forEach((logger, of) -> levels.put(logger, TextNode.valueOf(of)));
        return levels;
    }

    private static void giveOwn(String logger, List<? extends AppenderFactory<ILoggingEvent>> appenders, String name) {
        for (AppenderFactory<ILoggingEvent> appender : appenders) {
            context().getLogger(logger).setAdditive(false);
            context()
                    .getLogger(logger)
                    .addAppender(appender.build(
                            context(),
                            name,
                            new DropwizardLayoutFactory(),
                            new ThresholdLevelFilterFactory(),
                            new AsyncLoggingEventAppenderFactory()));
        }
    }

    private static ServiceLayoutFactory layout(boolean json) {
        return new ServiceLayoutFactory(
                json, () -> Optional.ofNullable(context().getProperty(PROJECT)));
    }

    /**
     * Has every audit line written to a file as well, until the result is closed.
     *
     * @param nanoTime nanoseconds from any moment on
     * @throws dev.tokenservice.files.UnusableFileException when the file cannot be written
     */
    public static AuditFileAppender openAuditFile(Path file, ServiceMetrics metrics, LongSupplier nanoTime) {
        LayoutBase<ILoggingEvent> layout = layout(true).build(context(), UTC);
        layout.start();
        AuditFileAppender appender =
                new AuditFileAppender(file.toString(), AuditFile.open(file), layout, metrics, nanoTime);
        appender.attach();
        return appender;
    }

    /** Names the project that the credentials belong to; asks for it only where the settings name none. */
    public void projectOfCredentials(Supplier<Optional<String>> credentials) {
        if (project.isEmpty()) {
            credentials.get().ifPresent(id -> context().putProperty(PROJECT, id));
        }
    }

    private static LoggerContext context() {
        return (LoggerContext) LoggerFactory.getILoggerFactory();
    }

    /** Dropwizard waits for the lines of all loggers but those with places of their own. */
    @Override
    public void stop() {
        context().getLogger(AuditLog.LOGGER).iteratorForAppenders().forEachRemaining(appender -> {
            if (appender instanceof ConsoleLines lines) {
                lines.flush(FLUSH);
            }
        });
        new DefaultLoggingFactory().stop();
    }

    @Override
    public void reset() {
        new DefaultLoggingFactory().reset();
    }
}
