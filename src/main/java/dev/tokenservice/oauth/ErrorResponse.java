package dev.tokenservice.oauth;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * An error as OAuth clients read it, RFC 6749 section 5.2.
 *
 * @param error the code
 * @param description what to do about it
 */
public record ErrorResponse(
        @JsonProperty("error") String error,
        @JsonProperty("error_description") String description) {}
