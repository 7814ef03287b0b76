package dev.tokenservice.doctor;

import java.util.Locale;

/** What is looked into, in this order. */
public enum Check {
    VARIABLE_NAMES,
    CONFIGURATION,
    ISSUER,
    AUDIENCE,
    APPLICATION_PORT,
    ADMIN_PORT,
    MTLS_PORT,
    SERVER_CERTIFICATE,
    TRUST_BUNDLE,
    REVOCATION_LISTS,
    DENIED_CERTIFICATES,
    PROXY_TRUST,
    KEY_FILES,
    CLOCK,
    CREDENTIALS,
    SIGNING,
    TOKEN_CLAIMS,
    DISCOVERY,
    JWKS,
    TOKEN_EXCHANGE;

    /** The name in the findings, such as {@code token-claims}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
