package dev.tokenservice.configuration;

import static dev.tokenservice.configuration.Variable.secret;
import static dev.tokenservice.configuration.Variable.text;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every environment variable that the service knows. */
public final class Variables {

    /** Those that override a setting, in the order of {@code config.yml}. */
    public static final List<Variable> ALL = List.of(
            text("server.port", "PORT"),
            text("server.adminPort", "ADMIN_PORT"),
            text("server.adminHost", "ADMIN_HOST"),
            text("logging.format", "LOG_FORMAT"),
            text("logging.level", "LOG_LEVEL"),
            text("logging.project", "GOOGLE_CLOUD_PROJECT"),
            new Variable(List.of("AUTH_FLOWS"), "authentication.flows", Variable.Form.LIST),
            text("authentication.headers.clientId", "MTLS_HEADER_CLIENT_ID"),
            text("authentication.headers.present", "MTLS_HEADER_CLIENT_CERT_PRESENT"),
            text("authentication.headers.chainVerified", "MTLS_HEADER_CLIENT_CERT_CHAIN_VERIFIED"),
            text("authentication.headers.error", "MTLS_HEADER_CLIENT_CERT_ERROR"),
            text("authentication.headers.sha256Fingerprint", "MTLS_HEADER_CLIENT_CERT_SHA256_FINGERPRINT"),
            text("authentication.headers.spiffeId", "MTLS_HEADER_CLIENT_CERT_SPIFFE_ID"),
            text("authentication.headers.uriSans", "MTLS_HEADER_CLIENT_CERT_URI_SANS"),
            text("authentication.headers.dnsSans", "MTLS_HEADER_CLIENT_CERT_DNSNAME_SANS"),
            text("authentication.headers.serialNumber", "MTLS_HEADER_CLIENT_CERT_SERIAL_NUMBER"),
            text("authentication.headers.notBefore", "MTLS_HEADER_CLIENT_CERT_VALID_NOT_BEFORE"),
            text("authentication.headers.notAfter", "MTLS_HEADER_CLIENT_CERT_VALID_NOT_AFTER"),
            text("authentication.headers.leaf", "MTLS_HEADER_CLIENT_CERT_LEAF"),
            text("authentication.headers.chain", "MTLS_HEADER_CLIENT_CERT_CHAIN"),
            text("authentication.headers.pem.certificate", "MTLS_HEADER_PEM_CERT"),
            new Variable(
                    List.of("MTLS_HEADER_PEM_VERIFY"),
                    "authentication.headers.pem.verify",
                    Variable.Form.TEXT_OR_EMPTY),
            text("authentication.headers.pem.verified", "MTLS_HEADER_PEM_VERIFIED_VALUE"),
            new Variable(List.of("PROXY_SECRET"), "authentication.proxy.secrets", Variable.Form.SECRETS),
            text("authentication.proxy.secretHeader", "PROXY_SECRET_HEADER"),
            new Variable(List.of("TRUSTED_PROXIES"), "authentication.proxy.addresses", Variable.Form.LIST),
            new Variable(List.of("PROXY_CERTIFICATES"), "authentication.proxy.certificates", Variable.Form.LIST),
            text("authentication.tls.port", "MTLS_PORT"),
            text("authentication.tls.certificate", "MTLS_CERTIFICATE"),
            text("authentication.tls.privateKey", "MTLS_PRIVATE_KEY"),
            secret("authentication.tls.privateKeyPassword", "MTLS_PRIVATE_KEY_PASSWORD"),
            text("authentication.tls.trustBundle", "MTLS_TRUST_BUNDLE"),
            text("authentication.tls.revocationLists", "MTLS_CRL"),
            text("authentication.deniedCertificates", "DENIED_CERTIFICATES"),
            text("token.validity", "TOKEN_VALIDITY"),
            text("token.issuer", "TOKEN_ISSUER"),
            text("token.audience", "TOKEN_AUDIENCE"),
            new Variable(List.of("TOKEN_AUDIENCES"), "token.audiences", Variable.Form.LIST_OR_EMPTY),
            text(
                    "workloadIdentity.projectNumber",
                    "WORKLOAD_IDENITY_PROJECT_NUMBER",
                    "WORKLOAD_IDENTITY_PROJECT_NUMBER"),
            text("workloadIdentity.poolId", "WORKLOAD_IDENITY_POOL_ID", "WORKLOAD_IDENTITY_POOL_ID"),
            text("workloadIdentity.providerId", "WORKLOAD_IDENITY_PROVIDER_ID", "WORKLOAD_IDENTITY_PROVIDER_ID"),
            text("signing.signer", "SIGNER"),
            text("signing.algorithm", "SIGNING_ALGORITHM"),
            new Variable(List.of("SIGNING_KEYS"), "signing.keys", Variable.Form.TEXT_OR_EMPTY),
            text("google.applicationCredentials", "GOOGLE_APPLICATION_CREDENTIALS"),
            text("google.serviceAccount", "SERVICE_ACCOUNT"),
            text("google.accessTokenValidity", "ACCESS_TOKEN_VALIDITY"),
            text("google.universeDomain", "GOOGLE_CLOUD_UNIVERSE_DOMAIN"),
            text("google.iamCredentialsUrl", "IAM_CREDENTIALS_URL"),
            text("google.stsUrl", "STS_URL"),
            text("google.jwksUrl", "JWKS_URL"));

    /** Set by the platform, and no setting. */
    private static final Set<String> PLATFORM = Set.of("K_SERVICE");

    private Variables() {}

    /** All names that mean something. */
    public static Set<String> names() {
        return Stream.of(ALL.stream().flatMap(variable -> variable.names().stream()), PLATFORM.stream())
                .flatMap(names -> names)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The variable of a setting. */
    public static Optional<Variable> ofPath(String path) {
        return ALL.stream()
                .filter(variable -> path.equals(variable.path()) || path.startsWith(variable.path() + "["))
                .findFirst();
    }

    /**
     * Whether what stands at a path may be a secret, or hold one: a secret setting, what is in it or around it, and its
     * neighbours that are no settings, because a misspelt key has the secret as its value.
     */
    static boolean mayHoldSecret(String path) {
        Optional<Variable> known = ofPath(path);
        return ALL.stream()
                .filter(Variable::isSecret)
                .anyMatch(secret -> known.map(Variable::isSecret)
                        .orElse(secret.path().startsWith(path)
                                || path.startsWith(
                                        secret.path().substring(0, secret.path().lastIndexOf('.') + 1))));
    }
}
