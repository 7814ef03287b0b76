package dev.tokenservice.testing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/** What a relying party knows of an issuer, and verifies its tokens with: the discovery document, and the keys that it names. */
final class TrustedIssuer {

    /** A token that is not accepted. */
    static final class NotAccepted extends Exception {

        private static final long serialVersionUID = 1L;

        NotAccepted(String why) {
            super(why);
        }
    }

    private final String issuer;
    private final URI address;
    private final HttpClient http = HttpClient.newHttpClient();

    /**
     * Takes an issuer.
     *
     * @param issuer to the letter
     * @param address where the issuer is found in this test
     */
    TrustedIssuer(String issuer, URI address) {
        this.issuer = issuer;
        this.address = address;
    }

    String name() {
        return issuer;
    }

    /** The claims of a token of the issuer's that is valid now. */
    JWTClaimsSet verified(String compact, Set<String> algorithms) throws NotAccepted {
        try {
            SignedJWT token = SignedJWT.parse(compact);
            JWTClaimsSet claims = token.getJWTClaimsSet();
            check(issuer.equals(claims.getIssuer()), "no provider for the issuer " + claims.getIssuer());
            String algorithm = token.getHeader().getAlgorithm().getName();
            check(algorithms.contains(algorithm), algorithm + " is not a supported signature algorithm");
            check(verifies(token), "the signature is not valid");
            Instant now = Instant.now();
            check(claims.getIssueTime() != null && claims.getExpirationTime() != null, "iat or exp is missing");
            check(!claims.getIssueTime().toInstant().isAfter(now.plusSeconds(1)), "iat is in the future");
            check(claims.getExpirationTime().toInstant().isAfter(now), "the token is expired");
            check(claims.getSubject() != null && claims.getAudience().size() == 1, "sub or the only aud is missing");
            return claims;
        } catch (ParseException | JOSEException | IOException | InterruptedException e) {
            throw new NotAccepted("the token cannot be verified: " + e);
        }
    }

    private boolean verifies(SignedJWT token)
            throws ParseException, JOSEException, IOException, InterruptedException, NotAccepted {
        var discovery = JSONObjectUtils.parse(get(issuer + "/.well-known/openid-configuration"));
        check(issuer.equals(discovery.get("issuer")), "discovery names another issuer");
        JWKSet keys = JWKSet.parse(get(String.valueOf(discovery.get("jwks_uri"))));
        check(keys.getKeys().size() <= 100, "too many keys");
        JWK key = keys.getKeyByKeyId(String.valueOf(token.getHeader().getKeyID()));
        check(key instanceof AsymmetricJWK, "no key " + token.getHeader().getKeyID());
        return token.verify(new DefaultJWSVerifierFactory()
                .createJWSVerifier(token.getHeader(), ((AsymmetricJWK) key).toPublicKey()));
    }

    private String get(String url) throws IOException, InterruptedException, NotAccepted {
        check(url.startsWith(issuer + "/"), url + " is not at the issuer");
        URI place = URI.create(address + url.substring(issuer.length()));
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(place).timeout(Duration.ofSeconds(5)).build(),
                HttpResponse.BodyHandlers.ofString());
        check(answer.statusCode() == 200, url + " answers " + answer.statusCode());
        return answer.body();
    }

    static void check(boolean condition, String otherwise) throws NotAccepted {
        if (!condition) {
            throw new NotAccepted(otherwise);
        }
    }
}
