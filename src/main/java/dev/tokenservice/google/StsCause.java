package dev.tokenservice.google;

import java.util.List;
import java.util.Optional;

/**
 * A setting that is wrong on one of the two sides, and how STS tells of it.
 *
 * @param words what STS says of it, in lower case
 * @param remedy what to do; {@code {provider}} in it stands for the provider as gcloud wants it, {@code {audience}} for
 *     the same as STS does, {@code {issuer}} for the issuer of the token
 */
record StsCause(String words, String remedy) {

    static final String PROVIDER = "{provider}";
    static final String AUDIENCE = "{audience}";
    static final String ISSUER = "{issuer}";
    private static final String UPDATE = "gcloud iam workload-identity-pools providers update-oidc " + PROVIDER;
    static final String DESCRIBE = "gcloud iam workload-identity-pools providers describe " + PROVIDER;

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
    private static final List<StsCause> CAUSES = List.of(
            new StsCause(
                    "audience in id token",
                    "the provider accepts a list of audiences that lacks its own name: " + UPDATE
                            + " --allowed-audiences='https:" + AUDIENCE + "'"),
            new StsCause(
                    "issuer in id token",
                    "the provider is registered with another issuer, perhaps only with another slash at the "
                            + "end: " + UPDATE
                            + " --issuer-uri='" + ISSUER + "', or set TOKEN_ISSUER to the registered one"),
            new StsCause(
                    "`issuer` claim in oidc discovery",
                    "discovery names another issuer than the provider is registered with: set TOKEN_ISSUER to exactly the "
                            + "registered one (" + DESCRIBE + " --format='value(oidc.issuerUri)')"),
            new StsCause(
                    "credential`s issuer",
                    "Google cannot read " + ISSUER
                            + "/.well-known/openid-configuration or the keys at its jwks_uri: they need a "
                            + "public host name with a public certificate, and the server TLS policy of the "
                            + "load balancer needs the mode ALLOW_INVALID_OR_MISSING_CLIENT_CERT, because "
                            + "Google has no client certificate"),
            new StsCause(
                    "value for google.subject",
                    "the attribute mapping takes google.subject from a claim that the token does not have: " + UPDATE
                            + " --attribute-mapping='" + MAPPING + "'"),
            new StsCause(
                    "127 bytes",
                    "google.subject is mapped to a claim that is too long: map it to assertion.client_id, and "
                            + "set MTLS_HEADER_CLIENT_ID to a shorter attribute: " + UPDATE + " --attribute-mapping='"
                            + MAPPING
                            + "'"),
            new StsCause(
                    "attribute condition",
                    "the provider's attribute condition excludes this client: " + DESCRIBE
                            + " --format='value(attributeCondition)'"),
            new StsCause(
                    "mapped attribute",
                    "the attribute mapping does not fit the claims: " + DESCRIBE
                            + " --format='value(attributeMapping)'"),
            new StsCause(
                    "id token issued at",
                    "the clock of this machine differs from Google's, so that tokens are too old or not yet "
                            + "valid there: "
                            + "synchronise it (NTP): timedatectl set-ntp true, or chronyc makestep"),
            new StsCause("signature", NO_SUCH_KEY),
            new StsCause("matching key", NO_SUCH_KEY));

    /** Returns the cause that a message of STS names, in lower case. */
    static Optional<StsCause> in(String message) {
        return CAUSES.stream().filter(cause -> message.contains(cause.words())).findFirst();
    }
}
