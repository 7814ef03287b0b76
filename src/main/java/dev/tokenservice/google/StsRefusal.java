package dev.tokenservice.google;

import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.outbound.GoogleJson;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Why STS does not exchange a token, and what the operator can do about it. The error code says whether the refusal
 * concerns this client or the exchange; only the message shows which setting is wrong.
 */
final class StsRefusal {

    /** Refusals that are about the client's own identity: STS does not accept it, or a condition of the provider. */
    private static final Set<String> IDENTITY_REFUSED = Set.of("invalid_grant", "unauthorized_client", "access_denied");

    private static final String PROVIDER = "{provider}";
    private static final String AUDIENCE = "{audience}";
    private static final String ISSUER = "{issuer}";
    private static final String UPDATE = "gcloud iam workload-identity-pools providers update-oidc " + PROVIDER;
    private static final String DESCRIBE = "gcloud iam workload-identity-pools providers describe " + PROVIDER;

    /** What the deployment guide maps; every token has every one of these claims. */
    private static final String MAPPING = "google.subject=assertion.client_id,"
            + "attribute.client_x5_spiffe=assertion.client.x5_spiffe,"
            + "attribute.client_x5_dnssan=assertion.client.x5_dnssan,"
            + "attribute.client_x5_urisan=assertion.client.x5_urisan,"
            + "attribute.client_x5_sha256=assertion.client.x5_sha256,"
            + "attribute.client_x5_serial=assertion.client.x5_serial";

    private static final String NO_SUCH_KEY =
            "the signing key is not, or not yet, at the jwks_uri of the discovery document: give all replicas "
                    + "the same SIGNING_KEYS, publish a new key before it signs, and check that the provider "
                    + "has no uploaded JWKS: "
                    + DESCRIBE;

    /** In the order in which they are looked for: the first one whose words are in STS' message is the cause. */
    private static final List<Cause> CAUSES = List.of(
            new Cause(
                    "audience in id token",
                    "the provider accepts a list of audiences that lacks its own name: " + UPDATE
                            + " --allowed-audiences='https:" + AUDIENCE + "'"),
            new Cause(
                    "issuer in id token",
                    "the provider is registered with another issuer, perhaps only with another slash at the "
                            + "end: " + UPDATE
                            + " --issuer-uri='" + ISSUER + "', or set TOKEN_ISSUER to the registered one"),
            new Cause(
                    "`issuer` claim in oidc discovery",
                    "discovery names another issuer than the provider is registered with: set TOKEN_ISSUER to the "
                            + "registered one, to the letter (" + DESCRIBE + " --format='value(oidc.issuerUri)')"),
            new Cause(
                    "credential`s issuer",
                    "Google cannot read " + ISSUER
                            + "/.well-known/openid-configuration or the keys at its jwks_uri: they need a "
                            + "public host name with a public certificate, and the server TLS policy of the "
                            + "load balancer needs the mode ALLOW_INVALID_OR_MISSING_CLIENT_CERT, because "
                            + "Google has no client certificate"),
            new Cause(
                    "value for google.subject",
                    "the attribute mapping takes google.subject from a claim that the token does not have: " + UPDATE
                            + " --attribute-mapping='" + MAPPING + "'"),
            new Cause(
                    "127 bytes",
                    "google.subject is mapped to a claim that is too long: map it to assertion.client_id, and "
                            + "set MTLS_HEADER_CLIENT_ID to a shorter attribute: " + UPDATE + " --attribute-mapping='"
                            + MAPPING
                            + "'"),
            new Cause(
                    "attribute condition",
                    "the provider's attribute condition excludes this client: " + DESCRIBE
                            + " --format='value(attributeCondition)'"),
            new Cause(
                    "mapped attribute",
                    "the attribute mapping does not fit the claims: " + DESCRIBE
                            + " --format='value(attributeMapping)'"),
            new Cause(
                    "id token issued at",
                    "the clock of this machine differs from Google's, so that tokens are too old or not yet "
                            + "valid there: "
                            + "synchronise it (NTP): timedatectl set-ntp true, or chronyc makestep"),
            new Cause("signature", NO_SUCH_KEY),
            new Cause("matching key", NO_SUCH_KEY));

    private static final String NO_SUCH_PROVIDER =
            "check that WORKLOAD_IDENTITY_PROJECT_NUMBER, _POOL_ID and _PROVIDER_ID name an existing provider "
                    + "that is enabled: "
                    + DESCRIBE;
    private static final String NO_SUCH_TOKEN =
            "compare the issuer, the audiences, the mapping and the condition of the provider with the token: "
                    + DESCRIBE;
    private static final String API_DISABLED = "enable the Security Token Service API in the project of the pool: "
            + "gcloud services enable sts.googleapis.com";

    /**
     * A cause.
     *
     * @param words what STS says of it, in lower case
     * @param remedy what to do; {@code {provider}} in it stands for the provider as gcloud wants it, {@code {audience}} for
     * the same as
     *     STS does, {@code {issuer}} for the issuer of the token
     */
    private record Cause(String words, String remedy) {}

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
                .replace(PROVIDER, resource(audience))
                .replace(AUDIENCE, audience)
                .replace(ISSUER, issuer(subjectToken));
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
        return CAUSES.stream()
                .filter(cause -> message.contains(cause.words()))
                .findFirst()
                .map(Cause::remedy)
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
