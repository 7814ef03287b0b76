package dev.tokenservice.oauth;

/** The paths of the application port, as metadata tells them and requests ask for them. */
public final class Paths {

    public static final String ROOT = "/";
    public static final String TOKEN = "/token";
    public static final String OPENID_CONFIGURATION = "/.well-known/openid-configuration";
    public static final String AUTHORIZATION_SERVER = "/.well-known/oauth-authorization-server";
    public static final String JWKS = "/.well-known/jwks.json";
    public static final String HEALTH_CHECK = "/health-check";

    private Paths() {}
}
