package dev.tokenservice.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.core.spi.FilterReply;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What no log level decides, not even one set by an admin task: audit lines are always written, and what HTTP clients and
 * servers say of headers and bodies never is, as it holds bearers and tokens.
 */
final class PinnedLoggers extends LineFilter {

    /** Loggers that print headers, bodies or credentials below WARN. */
    private static final List<String> SECRETIVE = List.of(
            "org.apache.hc",
            "org.apache.http",
            "com.google.api.client",
            "com.google.auth",
            "org.eclipse.jetty.http",
            "org.eclipse.jetty.io",
            "org.eclipse.jetty.server",
            "org.eclipse.jetty.ee10",
            "org.eclipse.jetty.util",
            "org.glassfish.jersey",
            "io.jsonwebtoken",
            "jdk.httpclient",
            "sun.net.www");

    /** Logs, with a stack trace, the failed start that the command itself explains in a line or prints whole. */
    private static final String TWICE = "io.dropwizard.core.cli.ServerCommand";

    @Override
    FilterReply decide(Logger logger, Level level, @Nullable Throwable throwable) {
        if (level.isGreaterOrEqual(Level.INFO)) {
            if (logger.getName().equals(TWICE)) {
                return FilterReply.DENY;
            }
            return isAudit(logger.getName()) ? FilterReply.ACCEPT : FilterReply.NEUTRAL;
        }
        // This is asked many times a request: what is off anyway needs no look at the name.
        if (logger.getEffectiveLevel().levelInt > level.levelInt) {
            return FilterReply.NEUTRAL;
        }
        return isSecretive(logger.getName()) ? FilterReply.DENY : FilterReply.NEUTRAL;
    }

    /** Returns whether a logger writes at every level. */
    static boolean isAudit(String logger) {
        return logger.equals(AuditLog.LOGGER);
    }

    /** Returns whether a logger writes nothing below INFO. */
    static boolean isSecretive(String logger) {
        return SECRETIVE.stream().anyMatch(logger::startsWith);
    }
}
