package dev.tokenservice.oauth;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;

/**
 * A granted token request, RFC 6749 section 5.1 with the token types of RFC 8693 section 3.
 *
 * @param idToken the signed ID token
 * @param accessToken the access token; the ID token again where no scope was asked for, because RFC 6749 demands one
 * @param issuedTokenType what {@code access_token} is
 * @param expiresIn seconds that {@code access_token} has left
 * @param scope the granted scopes, only beside an access token of Google's
 */
@JsonPropertyOrder({"id_token", "access_token", "issued_token_type", "token_type", "expires_in", "scope"})
public record TokenResponse(
        @JsonProperty("id_token") String idToken,
        @JsonProperty("access_token") String accessToken,
        @JsonProperty("issued_token_type") String issuedTokenType,
        @JsonProperty("expires_in") long expiresIn,

        @JsonProperty("scope") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
        String scope) {

    /** RFC 8693 section 3. */
    public static final String ID_TOKEN_TYPE = "urn:ietf:params:oauth:token-type:id_token";

    /** RFC 8693 section 3. */
    public static final String ACCESS_TOKEN_TYPE = "urn:ietf:params:oauth:token-type:access_token";

    @JsonProperty("token_type")
    public String tokenType() {
        return "Bearer";
    }
}
