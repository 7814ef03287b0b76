package dev.tokenservice.telemetry;

import dev.tokenservice.oauth.Quoted;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Refuses, before Dropwizard's task {@code log-level}, what the task would misread or could not do: it takes an unknown level
 * for DEBUG, and the level of a pinned logger has no effect.
 */
public final class LogLevelGate implements Filter {

    static final List<String> LEVELS = List.of("OFF", "ERROR", "WARN", "INFO", "DEBUG", "TRACE");
    private static final Pattern LOGGER = Pattern.compile("[A-Za-z0-9_.$-]{1,200}");
    private static final Duration LONGEST = Duration.ofHours(24);

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Optional<String> problem = isPost(request) ? problem(request.getParameterMap()) : Optional.empty();
        if (problem.isEmpty()) {
            chain.doFilter(request, response);
        } else {
            ((HttpServletResponse) response).setStatus(HttpServletResponse.SC_BAD_REQUEST);
            response.setContentType("text/plain;charset=UTF-8");
            response.getWriter().println(problem.get());
        }
    }

    private static boolean isPost(ServletRequest request) {
        return ((HttpServletRequest) request).getMethod().equals("POST");
    }

    private static Optional<String> problem(Map<String, String[]> parameters) {
        List<String> loggers = values(parameters, "logger");
        List<String> levels = values(parameters, "level");
        List<String> durations = values(parameters, "duration");
        if (loggers.isEmpty()) {
            return Optional.of("logger is missing: name one, such as dev.tokenservice, or ROOT for all");
        }
        if (levels.size() > 1 || durations.size() > 1) {
            return Optional.of("level and duration may be given once");
        }
        @Nullable String level = levels.isEmpty() ? null : levels.get(0).toUpperCase(Locale.ROOT);
        if (level != null && !LEVELS.contains(level)) {
            return Optional.of("level " + Quoted.of(levels.get(0)) + " is unknown: it must be one of " + LEVELS);
        }
        return durations.stream()
                .flatMap(duration -> problem(duration, level, loggers).stream())
                .findFirst()
                .or(() -> loggers.stream()
                        .flatMap(logger -> problem(logger, level).stream())
                        .findFirst());
    }

    static Optional<String> problem(String logger, @Nullable String level) {
        if (!LOGGER.matcher(logger).matches()) {
            return Optional.of("logger " + Quoted.of(logger) + " is not the name of a logger");
        }
        if (isRoot(logger) && level == null) {
            return Optional.of("level is missing: ROOT must have one of " + LEVELS);
        }
        if (PinnedLoggers.isAudit(logger)) {
            return Optional.of("logger " + logger + " is pinned: audit lines are written at every level");
        }
        if (level != null && LEVELS.indexOf(level) > LEVELS.indexOf("INFO") && PinnedLoggers.isSecretive(logger)) {
            return Optional.of("logger " + logger + " is pinned, because it prints headers, tokens or keys below INFO: "
                    + "it must have one of " + LEVELS.subList(0, LEVELS.indexOf("INFO") + 1));
        }
        return Optional.empty();
    }

    private static Optional<String> problem(String duration, @Nullable String level, List<String> loggers) {
        if (level == null) {
            return Optional.of("level is missing: duration says how long it applies");
        }
        if (loggers.stream().anyMatch(LogLevelGate::isRoot)) {
            // The task then takes the logger's level away, which ROOT cannot be without: the timer of all would end.
            return Optional.of("duration is not allowed for ROOT: name another logger, or reset ROOT yourself");
        }
        return isDuration(duration)
                ? Optional.empty()
                : Optional.of("duration " + Quoted.of(duration) + " must be ISO 8601, PT1S to PT24H, such as PT10M");
    }

    private static boolean isDuration(String text) {
        try {
            Duration duration = Duration.parse(text);
            return duration.compareTo(Duration.ofSeconds(1)) >= 0 && duration.compareTo(LONGEST) <= 0;
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static boolean isRoot(String logger) {
        return logger.equalsIgnoreCase(Logger.ROOT_LOGGER_NAME);
    }

    private static List<String> values(Map<String, String[]> parameters, String name) {
        String[] values = parameters.get(name);
        return values == null ? List.of() : List.of(values);
    }
}
