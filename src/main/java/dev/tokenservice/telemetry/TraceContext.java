package dev.tokenservice.telemetry;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * The trace that a request belongs to, as the load balancer or the client says: {@code traceparent} (W3C Trace Context
 * section 3.2) or {@code X-Cloud-Trace-Context} ({@code TRACE_ID/SPAN_ID;o=1}). Only ever written to the log.
 */
public final class TraceContext {

    /** The key under which log lines find the trace id. */
    static final String MDC_KEY = "trace";

    private static final Pattern TRACEPARENT =
            Pattern.compile("[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?");
    private static final Pattern CLOUD_TRACE =
            Pattern.compile("(?!0{32})([0-9a-fA-F]{32})(?:/[0-9]{1,20})?(?:;o=[0-9])?");
    private static final int MAX_LENGTH = 256;

    private TraceContext() {}

    /** Returns the trace id, 32 lower-case hex digits; nothing if no header holds a well-formed one. */
    public static Optional<String> traceId(@Nullable String traceparent, @Nullable String cloudTraceContext) {
        return match(TRACEPARENT, traceparent).or(() -> match(CLOUD_TRACE, cloudTraceContext));
    }

    private static Optional<String> match(Pattern pattern, @Nullable String header) {
        if (header == null || header.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        Matcher matcher = pattern.matcher(header);
        return matcher.matches() ? Optional.of(matcher.group(1).toLowerCase(Locale.ROOT)) : Optional.empty();
    }

    /** Has every log line of this thread carry the trace, until the result is closed. */
    public static Scope open(Optional<String> traceId) {
        traceId.ifPresent(id -> MDC.put(MDC_KEY, id));
        return () -> MDC.remove(MDC_KEY);
    }

    /** Ends what {@link #open} began. */
    public interface Scope extends AutoCloseable {
        @Override
        void close();
    }
}
