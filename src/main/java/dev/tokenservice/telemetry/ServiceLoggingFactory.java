package dev.tokenservice.telemetry;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.dropwizard.logging.common.ConsoleAppenderFactory;
import io.dropwizard.logging.common.DefaultLoggingFactory;
import io.dropwizard.logging.common.LoggingFactory;
import io.dropwizard.validation.OneOf;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Logs to the console, as text or as JSON with Cloud Logging's field names, and drops nothing: where the console is slow
 * the service waits, because an audit line that is lost cannot be had again.
 */
public final class ServiceLoggingFactory implements LoggingFactory {

    private static final int QUEUE_SIZE = 4096;

    /** At INFO the frameworks tell of their own insides, a page at every start; their warnings are for the operator. */
    private static final Map<String, JsonNode> QUIET = Map.of(
            "io.dropwizard", TextNode.valueOf("WARN"),
            "org.eclipse.jetty", TextNode.valueOf("WARN"),
            "io.dropwizard.health.HealthCheckManager", TextNode.valueOf("INFO"));

    /** {@code json}, {@code text}, or {@code auto}: JSON where {@code K_SERVICE} is set. */
    @JsonProperty
    @NotNull
    @OneOf(
            value = {"auto", "json", "text"},
            message = "must be auto, json or text")
    String format = "auto";

    /** The least level of the diagnostics. */
    @JsonProperty
    @NotNull
    @OneOf(
            value = {"OFF", "ERROR", "WARN", "INFO", "DEBUG", "TRACE"},
            message = "must be OFF, ERROR, WARN, INFO, DEBUG or TRACE")
    String level = "INFO";

    /** Project id, for the trace links; empty where lines carry the bare trace id. */
    @JsonProperty
    @Nullable
    @Pattern(regexp = "[a-z0-9.:-]{4,63}", message = "must be a project id, such as my-project-123")
    volatile String project;

    private boolean cloudRun;

    private final DefaultLoggingFactory delegate = new DefaultLoggingFactory();

    @Override
    public void configure(MetricRegistry metrics, String name) {
        ConsoleAppenderFactory<ILoggingEvent> console = new ConsoleAppenderFactory<>();
        console.setQueueSize(QUEUE_SIZE);
        console.setDiscardingThreshold(0);
        console.setNeverBlock(false);
        console.setLayout(new ServiceLayoutFactory(isJson(), () -> Optional.ofNullable(project)));
        delegate.setAppenders(List.of(console));
        delegate.setLevel(level);
        if (level.equals("INFO")) {
            delegate.setLoggers(QUIET);
        }
        delegate.configure(metrics, name);
        ((LoggerContext) LoggerFactory.getILoggerFactory()).addTurboFilter(new PinnedLoggers());
    }

    private boolean isJson() {
        return format.equals("json") || (format.equals("auto") && cloudRun);
    }

    /** Says whether this is Cloud Run, which reads JSON. To be called before the logging is configured. */
    public void onCloudRun(boolean isCloudRun) {
        cloudRun = isCloudRun;
    }

    /** Names the project that the credentials belong to, where the configuration names none. */
    public void defaultProject(Supplier<Optional<String>> credentialsProject) {
        if (project == null) {
            project = credentialsProject.get().orElse(null);
        }
    }

    @Override
    public void stop() {
        delegate.stop();
    }

    @Override
    public void reset() {
        delegate.reset();
    }
}
