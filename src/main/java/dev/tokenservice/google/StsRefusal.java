package dev.tokenservice.google;

import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.outbound.GoogleJson;
import java.io.IOException;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;

/**
 * Why STS does not exchange a token, and what the operator can do about it. The error code says whether the refusal
 * concerns this client or the exchange; only the message shows which setting is wrong.
 */
final class StsRefusal {

    /** Refusals that are about the client's own identity: STS does not accept it, or a condition of the provider. */
    private static final Set<String> IDENTITY_REFUSED = Set.of("invalid_grant", "unauthorized_client", "access_denied");

    private static final String NO_SUCH_PROVIDER =
            "check that WORKLOAD_IDENTITY_PROJECT_NUMBER, _POOL_ID and _PROVIDER_ID name an existing provider "
                    + "that is enabled: "
                    + StsCause.DESCRIBE;
    private static final String NO_SUCH_TOKEN =
            "compare the issuer, the audiences, the mapping and the condition of the provider with the token: "
                    + StsCause.DESCRIBE;
    private static final String API_DISABLED = "enable the Security Token Service API in the project of the pool: "
            + "gcloud services enable sts.googleapis.com";

    private StsRefusal() {}

    /**
     * The answer it leads to.
     *
     * @param audience the provider's full resource name, {@code //iam.googleapis.com/projects/…}
     * @param subjectToken the ID token that was refused, one of ours
     */
    static Refusal of(GoogleError error, String audience, String subjectToken) {
        if (error.code().isEmpty()) {
            return GoogleRefusal.unavailable("sts: " + error + " without an OAuth error")
                    .build();
        }
        String problem = "sts: " + error;
        String remedy = remedy(error)
                .replace(StsCause.PROVIDER, resource(audience))
                .replace(StsCause.AUDIENCE, audience)
                .replace(StsCause.ISSUER, issuer(subjectToken));
        if (IDENTITY_REFUSED.contains(error.code())) {
            return GoogleRefusal.refused(
                    OAuthError.INVALID_GRANT, "Google refuses the token exchange: " + error.reason(), problem, remedy);
        }
        if (error.code().equals("invalid_scope")) {
            return GoogleRefusal.refused(
                    OAuthError.INVALID_SCOPE, "Google does not accept the scope: " + error.reason(), problem, remedy);
        }
        return GoogleRefusal.misconfigured(problem, remedy);
    }

    private static String remedy(GoogleError error) {
        if (error.isApiDisabled()) {
            return API_DISABLED;
        }
        if (error.code().equals("invalid_scope")) {
            return "the client requests a scope that Google does not know: scopes are URLs such as "
                    + "https://www.googleapis.com/auth/cloud-platform";
        }
        String message = error.message().toLowerCase(Locale.ROOT);
        return StsCause.in(message)
                .map(StsCause::remedy)
                .orElse(IDENTITY_REFUSED.contains(error.code()) ? NO_SUCH_TOKEN : NO_SUCH_PROVIDER);
    }

    /** The provider by its whole name, as gcloud takes no project number for a project. */
    private static String resource(String audience) {
        return audience.substring(audience.indexOf("/projects/") + 1);
    }

    private static String issuer(String subjectToken) {
        int start = subjectToken.indexOf('.') + 1;
        String claims = subjectToken.substring(start, Math.max(start, subjectToken.lastIndexOf('.')));
        try {
            return GoogleJson.text(GoogleJson.object(Base64.getUrlDecoder().decode(claims)), "iss");
        } catch (IOException | IllegalArgumentException e) {
            return "ISSUER";
        }
    }
}
