package dev.tokenservice.telemetry;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.net.SyslogAppender;
import ch.qos.logback.classic.pattern.SyslogStartConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.Layout;
import ch.qos.logback.core.LayoutBase;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.dropwizard.logging.common.SyslogAppenderFactory;
import io.dropwizard.logging.common.async.AsyncAppenderFactory;
import io.dropwizard.logging.common.filter.LevelFilterFactory;
import io.dropwizard.logging.common.layout.LayoutFactory;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TimeZone;

/** Sends lines to a syslog server by UDP (RFC 3164) in a layout of the service: Dropwizard's own takes a pattern only. */
@JsonTypeName("syslog")
final class SyslogLinesFactory extends SyslogAppenderFactory {

    @Override
    public Appender<ILoggingEvent> build(
            LoggerContext context,
            String applicationName,
            LayoutFactory<ILoggingEvent> layoutFactory,
            LevelFilterFactory<ILoggingEvent> levelFilterFactory,
            AsyncAppenderFactory<ILoggingEvent> asyncAppenderFactory) {
        LayoutBase<ILoggingEvent> line = ((ServiceLayoutFactory) Objects.requireNonNull(getLayout()))
                .build(context, TimeZone.getTimeZone("UTC"));
        line.start();
        SyslogAppender appender = new SyslogAppender() {
            @Override
            public Layout<ILoggingEvent> buildLayout() {
                return withStart(getFacility(), line);
            }
        };
        appender.setName("syslog-appender");
        appender.setContext(context);
        appender.setSyslogHost(getHost());
        appender.setPort(getPort());
        appender.setFacility(getFacility().toString().toLowerCase(Locale.ROOT));
        appender.setThrowableExcluded(true);
        appender.addFilter(levelFilterFactory.build(threshold));
        appender.start();
        return wrapAsync(appender, asyncAppenderFactory, context);
    }

    /** Priority, time and host name come first (RFC 3164 section 4.1). */
    private static Layout<ILoggingEvent> withStart(String facility, Layout<ILoggingEvent> line) {
        SyslogStartConverter start = new SyslogStartConverter();
        start.setOptionList(List.of(facility));
        start.start();
        LayoutBase<ILoggingEvent> layout = new LayoutBase<>() {
            @Override
            public String doLayout(ILoggingEvent event) {
                return start.convert(event) + line.doLayout(event).stripTrailing();
            }
        };
        layout.start();
        return layout;
    }
}
