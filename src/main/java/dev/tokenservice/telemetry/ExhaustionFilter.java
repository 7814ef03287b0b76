package dev.tokenservice.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.core.spi.FilterReply;
import org.jspecify.annotations.Nullable;

/** Ends a process that is about to log a lack of memory or threads: the server catches every error, says so, and goes on. */
final class ExhaustionFilter extends LineFilter {

    @Override
    FilterReply decide(Logger logger, Level level, @Nullable Throwable throwable) {
        Exhaustion.endIfCausedBy(throwable);
        return FilterReply.NEUTRAL;
    }
}
