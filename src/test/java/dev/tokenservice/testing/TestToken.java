package dev.tokenservice.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.text.ParseException;

/**
 * An ID token whose signature holds with the keys that the service publishes, found by somebody else's library.
 *
 * @param header the JOSE header
 * @param claims the claims as they stand in the token
 * @param key the published key
 */
public record TestToken(JsonNode header, JsonNode claims, JWK key) {

    private static final JsonMapper JSON = new JsonMapper();

    /** Verifies the ID token of an answer. */
    public static TestToken of(TestService service, Response response) {
        if (response.status() != 200) {
            throw new AssertionError("no token: " + response);
        }
        return of(keys(service), response.text("id_token"));
    }

    /** The keys that a service publishes. */
    public static JWKSet keys(TestService service) {
        try {
            return JWKSet.parse(
                    service.send(Request.get("/.well-known/jwks.json")).body());
        } catch (ParseException e) {
            throw new AssertionError("not a JWK Set", e);
        }
    }

    /** Verifies a token with keys that were published. */
    public static TestToken of(JWKSet keys, String compact) {
        try {
            SignedJWT token = SignedJWT.parse(compact);
            JWK key = keys.getKeyByKeyId(token.getHeader().getKeyID());
            if (key == null
                    || !token.verify(new DefaultJWSVerifierFactory()
                            .createJWSVerifier(token.getHeader(), ((AsymmetricJWK) key).toPublicKey()))) {
                throw new AssertionError("the signature does not hold: " + token.getHeader());
            }
            return new TestToken(
                    JSON.readTree(token.getHeader().toString()),
                    JSON.readTree(token.getPayload().toString()),
                    key);
        } catch (ParseException | JOSEException | IOException e) {
            throw new AssertionError("not a token: " + compact, e);
        }
    }

    /** A claim as text; empty where there is none. */
    public String claim(String name) {
        return claims.path(name).asText();
    }

    /** An attribute of the certificate as text. */
    public String attribute(String name) {
        return claims.path("client").path(name).asText();
    }
}
