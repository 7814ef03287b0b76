package dev.tokenservice.telemetry;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.LayoutBase;
import io.dropwizard.logging.common.layout.DiscoverableLayoutFactory;
import java.util.Optional;
import java.util.TimeZone;
import java.util.function.Supplier;

/**
 * Chooses the layout of a log line.
 *
 * @param json whether lines are JSON with Cloud Logging's field names; else they are text
 * @param project the project id that makes a trace id a link, once it is known
 */
record ServiceLayoutFactory(boolean json, Supplier<Optional<String>> project)
        implements DiscoverableLayoutFactory<ILoggingEvent> {

    @Override
    public LayoutBase<ILoggingEvent> build(LoggerContext context, TimeZone timeZone) {
        LayoutBase<ILoggingEvent> layout = json ? new CloudLoggingLayout(project) : new TextLayout();
        layout.setContext(context);
        return layout;
    }
}
