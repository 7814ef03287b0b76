package dev.tokenservice.resources;

/** The paths of the application port. */
public final class Paths {

    public static final String ROOT = "/";
    public static final String TOKEN = "/token";
    public static final String OPENID_CONFIGURATION = "/.well-known/openid-configuration";
    public static final String AUTHORIZATION_SERVER = "/.well-known/oauth-authorization-server";
    public static final String JWKS = "/.well-known/jwks.json";
    public static final String HEALTH_CHECK = "/health-check";

    private Paths() {}
}
