package dev.tokenservice.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/** Decides by logger, level and throwable alone. */
abstract class LineFilter extends TurboFilter {

    /** What becomes of a line; the throwable is the one that it is about. */
    abstract FilterReply decide(Logger logger, Level level, @Nullable Throwable throwable);

    @Override
    public final FilterReply decide(
            @Nullable Marker marker,
            Logger logger,
            Level level,
            @Nullable String format,
            Object @Nullable [] parameters,
            @Nullable Throwable throwable) {
        return decide(logger, level, throwable);
    }
}
