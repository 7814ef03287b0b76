package dev.tokenservice.oauth;

import java.util.List;
import java.util.Optional;

/**
 * A token request that is well formed (RFC 6749 section 4.4.2 and the parameters of RFC 8707 and AIP-4117): the request of
 * the client, before the policy decides.
 *
 * @param clientId {@code client_id}, if given
 * @param audience {@code audience} or its synonym {@code resource}, if given
 * @param relyingParty {@code relying_party}, if given: the name of a relying party in the policy
 * @param scopes the scopes asked for; empty when no access token is asked for
 * @param serviceAccount email of the service account to impersonate, if given
 * @param externalCredential whether the answer has the executable-credential format
 */
public record TokenRequest(
        Optional<String> clientId,
        Optional<String> audience,
        Optional<String> relyingParty,
        List<String> scopes,
        Optional<String> serviceAccount,
        boolean externalCredential) {

    /** The only grant of this service, RFC 6749 section 4.4. */
    public static final String CLIENT_CREDENTIALS = "client_credentials";

    private static final int MAX_SCOPE_LENGTH = 4096;

    public TokenRequest {
        scopes = List.copyOf(scopes);
    }

    /** Returns whether an access token of Google's is asked for: the executable-credential format ignores a scope. */
    public boolean wantsAccessToken() {
        return !externalCredential && !scopes.isEmpty();
    }

    /** The same where no policy names relying parties: the parameter is then an unknown one. */
    public TokenRequest withoutRelyingParty() {
        return new TokenRequest(clientId, audience, Optional.empty(), scopes, serviceAccount, externalCredential);
    }

    /**
     * Reads a form.
     *
     * @throws RefusedException with the code of RFC 6749 section 5.2 that fits what is wrong
     */
    public static TokenRequest of(Form form) {
        boolean externalCredential = isExternalCredential(form);
        checkGrantType(form);
        List<String> scopes = externalCredential ? List.of() : scopes(form);
        Optional<String> serviceAccount = form.get("service_account");
        if (serviceAccount.isPresent() && form.get("scope").isEmpty()) {
            throw invalid(
                    "service_account needs a scope: send the scopes that the impersonated account's token shall have");
        }
        if (serviceAccount.isPresent() && !EmailAddress.isValid(serviceAccount.get())) {
            throw invalid("service_account must be the email address of a service account, found "
                    + Quoted.of(serviceAccount.get()));
        }
        return new TokenRequest(
                form.get("client_id"),
                audience(form),
                form.get("relying_party"),
                scopes,
                serviceAccount,
                externalCredential);
    }

    private static boolean isExternalCredential(Form form) {
        Optional<String> format = form.get("format");
        if (format.isPresent() && !format.get().equals(Form.EXTERNAL_CREDENTIAL)) {
            throw invalid("format must be external_credential or absent, found " + Quoted.of(format.get()));
        }
        return format.isPresent();
    }

    private static void checkGrantType(Form form) {
        String grantType = form.get("grant_type")
                .orElseThrow(() -> invalid("grant_type is missing: send grant_type=" + CLIENT_CREDENTIALS));
        if (!grantType.equals(CLIENT_CREDENTIALS)) {
            throw Refusal.because(
                            ReasonCode.MALFORMED_REQUEST,
                            "grant_type must be " + CLIENT_CREDENTIALS + ", found " + Quoted.of(grantType))
                    .error(OAuthError.UNSUPPORTED_GRANT_TYPE)
                    .exception();
        }
    }

    private static Optional<String> audience(Form form) {
        Optional<String> audience = form.get("audience");
        Optional<String> resource = form.get("resource");
        if (audience.isPresent() && resource.isPresent()) {
            throw invalid("audience and resource mean the same: send one of them");
        }
        return audience.or(() -> resource);
    }

    /** RFC 6749 section 3.3: {@code scope-token *( SP scope-token )}, of visible ASCII without quote and backslash. */
    private static List<String> scopes(Form form) {
        Optional<String> scope = form.get("scope");
        if (scope.isEmpty()) {
            return List.of();
        }
        if (scope.get().length() > MAX_SCOPE_LENGTH) {
            throw Refusal.because(
                            ReasonCode.MALFORMED_REQUEST,
                            "scope must not be longer than " + MAX_SCOPE_LENGTH + " characters")
                    .error(OAuthError.INVALID_SCOPE)
                    .exception();
        }
        List<String> tokens = List.of(scope.get().split(" ", -1));
        if (tokens.stream()
                .anyMatch(token -> token.isEmpty() || !token.chars().allMatch(TokenRequest::isScopeCharacter))) {
            throw Refusal.because(
                            ReasonCode.MALFORMED_REQUEST,
                            "scope must be scopes separated by single spaces (RFC 6749 section 3.3), found "
                                    + Quoted.of(scope.get()))
                    .error(OAuthError.INVALID_SCOPE)
                    .exception();
        }
        return tokens.stream().distinct().toList();
    }

    private static boolean isScopeCharacter(int c) {
        return c > ' ' && c <= '~' && c != '"' && c != '\\';
    }

    private static RefusedException invalid(String description) {
        return Refusal.because(ReasonCode.MALFORMED_REQUEST, description).exception();
    }
}
