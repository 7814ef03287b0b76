package dev.tokenservice.google;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.api.client.http.HttpResponseException;
import dev.tokenservice.oauth.Quoted;
import dev.tokenservice.outbound.GoogleJson;
import java.io.IOException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What Google said when it did not do what it was asked for, in either of its dialects: Google's JSON errors ({@code
 * error.status}, {@code error.message}, {@code error.details[].reason}) or OAuth's (RFC 6749 section 5.2).
 *
 * @param status the HTTP status
 * @param code the OAuth error code, or the reason or status of a Google error; empty if there is none
 * @param message the reason in words; empty if there is none
 * @param retryAfter the value of {@code Retry-After}, if any
 */
record GoogleError(
        int status, String code, String message, @Nullable Duration retryAfter) {

    /** The statuses of RFC 9110 after which the same request may succeed. */
    private static final Set<Integer> TRANSIENT = Set.of(500, 502, 503, 504);

    private static final int TOO_MANY_REQUESTS = 429;

    /** Google's explanations are longer than what clients write, and the resource at fault stands at their end. */
    private static final int LOGGED_CHARACTERS = 400;

    private static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(1);

    /** A JWS in compact form (RFC 7515 section 7.1), cut off or not, and Google's own access tokens. */
    private static final Pattern TOKEN =
            Pattern.compile("eyJ[A-Za-z0-9_-]*(?:\\.[A-Za-z0-9_-]*)*|ya29\\.[A-Za-z0-9._-]*");

    /**
     * A message may repeat the token that it is about, and goes into the log and to the client. Quotation marks would be
     * replaced wherever the message is quoted.
     */
    GoogleError {
        code = withoutTokens(code);
        message = withoutTokens(message).replace('"', '`').replace('\'', '`');
    }

    private static String withoutTokens(String text) {
        return TOKEN.matcher(text).replaceAll("(a token)");
    }

    /** One line of printable ASCII, without tokens, and no longer than a line of the log should be. */
    static String harmless(String text) {
        String line = withoutTokens(text).replaceAll("[^!-~]+", " ").strip();
        return line.length() > LOGGED_CHARACTERS ? line.substring(0, LOGGED_CHARACTERS) + "..." : line;
    }

    static GoogleError of(HttpResponseException e, Clock clock) {
        Duration retryAfter = retryAfter(e.getHeaders().getRetryAfter(), clock);
        JsonNode body = json(e.getContent());
        JsonNode error = body.path("error");
        if (error.isTextual()) {
            return new GoogleError(
                    e.getStatusCode(),
                    error.asText(),
                    body.path("error_description").asText(""),
                    retryAfter);
        }
        String reason = error.path("status").asText("");
        for (JsonNode detail : error.path("details")) {
            reason = detail.path("reason").asText(reason);
        }
        return new GoogleError(e.getStatusCode(), reason, error.path("message").asText(""), retryAfter);
    }

    private static JsonNode json(@Nullable String content) {
        try {
            return GoogleJson.read(content == null ? "" : content);
        } catch (IOException e) {
            return GoogleJson.NOTHING;
        }
    }

    /** Returns whether the API is switched off in the project that pays for the call. */
    boolean isApiDisabled() {
        return code.equals("SERVICE_DISABLED") || message.contains("has not been used");
    }

    boolean isTransient() {
        return TRANSIENT.contains(status);
    }

    boolean isRateLimit() {
        return status == TOO_MANY_REQUESTS;
    }

    /**
     * Returns whether the request was understood and refused: an error that is neither that nor transient is not an answer of an
     * API.
     */
    boolean isRefusal() {
        return status >= 400 && status < 500;
    }

    /** For the log: what Google said, made harmless. */
    @Override
    public String toString() {
        return "HTTP " + status + (code.isEmpty() ? "" : " " + Quoted.of(code))
                + (message.isEmpty() ? "" : " " + Quoted.of(message, LOGGED_CHARACTERS));
    }

    /** For the client: the reason Google gave, made harmless. */
    String reason() {
        return Quoted.of(message.isEmpty() ? code : message);
    }

    /** RFC 9110 section 10.2.3: seconds or a date. */
    private static @Nullable Duration retryAfter(@Nullable String value, Clock clock) {
        if (value == null) {
            return null;
        }
        Duration delay;
        try {
            delay = value.matches("[0-9]{1,9}")
                    ? Duration.ofSeconds(Long.parseLong(value))
                    : Duration.between(
                            clock.instant(), ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME));
        } catch (DateTimeException e) {
            return null;
        }
        return delay.isNegative() ? null : delay.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : delay;
    }
}
