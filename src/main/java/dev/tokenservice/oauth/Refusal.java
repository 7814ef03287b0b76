package dev.tokenservice.oauth;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Why a request ends without a token: what the client is told, and what only the operator may read. Neither ever holds a
 * token, a key or a secret.
 *
 * @param reason why, in one word for operators
 * @param error the error code for the client
 * @param status the HTTP status of the answer
 * @param description what the client is told, and what to do about it; never empty
 * @param problem what was wrong, for the log only: may name settings, resources and values
 * @param remedy what the operator can do about it, for the log only
 * @param retryAfter when another try makes sense: the value of {@code Retry-After}
 * @param cause the exception that led to it, for the log only
 */
public record Refusal(
        ReasonCode reason,
        OAuthError error,
        int status,
        String description,
        Optional<String> problem,
        Optional<String> remedy,
        Optional<Duration> retryAfter,
        Optional<Throwable> cause) {

    /** Starts a refusal, with the error code and the status that usually come with the reason. */
    public static Builder because(ReasonCode reason, String description) {
        return new Builder(reason, description);
    }

    /** What only the log may say: the problem and its remedy; empty if the description says it all. */
    public Optional<String> detail() {
        return Optional.of(Stream.concat(problem.stream(), remedy.stream()).collect(Collectors.joining("; ")))
                .filter(text -> !text.isEmpty());
    }

    /** The same with other details for the operator. */
    public Refusal withDetail(String text) {
        return new Refusal(reason, error, status, description, Optional.of(text), Optional.empty(), retryAfter, cause);
    }

    /** Returns whether the operator must act, or the service has a defect; else the client, or Google, is at fault. */
    public boolean isOperatorsToFix() {
        return error == OAuthError.SERVER_ERROR;
    }

    public static final class Builder {

        private final ReasonCode reason;
        private final String description;
        private OAuthError error;
        private int status;
        private @Nullable String problem;
        private @Nullable String remedy;
        private @Nullable Duration retryAfter;
        private @Nullable Throwable cause;

        private Builder(ReasonCode reason, String description) {
            this.reason = reason;
            this.description = description;
            this.error = reason.error();
            this.status = error.status();
        }

        /** Another error code than the reason's usual one, and the status that belongs to it. */
        public Builder error(OAuthError other) {
            this.error = other;
            this.status = other.status();
            return this;
        }

        /** Another status than the error code's own, such as 405, 413 or 429. */
        public Builder status(int other) {
            this.status = other;
            return this;
        }

        /** Further details for the operator. */
        public Builder detail(String text) {
            this.problem = text;
            return this;
        }

        /** What the operator can do about it, beside the detail. */
        public Builder remedy(String text) {
            this.remedy = text;
            return this;
        }

        /** When another try makes sense. */
        public Builder retryAfter(Duration delay) {
            this.retryAfter = delay;
            return this;
        }

        public Builder cause(@Nullable Throwable exception) {
            this.cause = exception;
            return this;
        }

        public Refusal build() {
            return new Refusal(
                    reason,
                    error,
                    status,
                    description,
                    Optional.ofNullable(problem),
                    Optional.ofNullable(remedy),
                    Optional.ofNullable(retryAfter),
                    Optional.ofNullable(cause));
        }

        public RefusedException exception() {
            return new RefusedException(build());
        }
    }
}
