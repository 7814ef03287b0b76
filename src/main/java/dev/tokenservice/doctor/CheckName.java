package dev.tokenservice.doctor;

import java.util.Locale;

/** What is looked into, in this order. */
public enum CheckName {
    VARIABLE_NAMES,
    CONFIGURATION,
    ISSUER,
    AUDIENCE,
    FLOWS,
    APPLICATION_PORT,
    ADMIN_PORT,
    MTLS_PORT,
    SERVER_CERTIFICATE,
    ADMIN_CERTIFICATE,
    POLICY,
    TRUST_BUNDLE,
    REVOCATION_LISTS,
    REVOCATION_FETCH,
    DENIED_CERTIFICATES,
    PROXY_TRUST,
    KEY_FILES,
    CLOCK,
    CREDENTIALS,
    SIGNING,
    PKCS11_KEYS,
    TOKEN_CLAIMS,
    RELYING_PARTY,
    DISCOVERY,
    JWKS,
    TOKEN_EXCHANGE,

    // From outside, with DISCOVERY, JWKS and TOKEN_CLAIMS among them.
    DNS,
    CONNECTION,
    TLS,
    TLS_EXPIRY,
    INGRESS,
    NO_CERTIFICATE,
    FORGED_HEADERS,
    TOKEN;

    /** The name in the findings, such as {@code token-claims}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
