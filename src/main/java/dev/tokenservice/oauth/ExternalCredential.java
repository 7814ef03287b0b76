package dev.tokenservice.oauth;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/** What an executable hands to a Google client library, AIP-4117: a subject token or the reason why there is none. */
public sealed interface ExternalCredential {

    /** The only version of the format. */
    int VERSION = 1;

    @JsonProperty("version")
    default int version() {
        return VERSION;
    }

    @JsonProperty("success")
    boolean success();

    /**
     * The subject token.
     *
     * @param idToken the subject token
     * @param expirationTime its expiry, in seconds since 1970
     */
    @JsonPropertyOrder({"version", "success", "token_type", "id_token", "expiration_time"})
    record Success(
            @JsonProperty("id_token") String idToken,
            @JsonProperty("expiration_time") long expirationTime) implements ExternalCredential {

        @JsonProperty("token_type")
        public String tokenType() {
            return TokenResponse.ID_TOKEN_TYPE;
        }

        @Override
        public boolean success() {
            return true;
        }
    }

    /**
     * The reason why there is no subject token.
     *
     * @param code the OAuth error code
     * @param message what to do about it
     */
    @JsonPropertyOrder({"version", "success", "code", "message"})
    record Failure(
            @JsonProperty("code") String code,
            @JsonProperty("message") String message) implements ExternalCredential {

        @Override
        public boolean success() {
            return false;
        }
    }
}
