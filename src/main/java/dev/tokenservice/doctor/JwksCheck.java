package dev.tokenservice.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tokenservice.oauth.Issuer;
import dev.tokenservice.oauth.Paths;
import dev.tokenservice.signing.TokenSigner;
import io.jsonwebtoken.JwtException;
import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.security.Jwks;
import io.jsonwebtoken.security.PublicJwk;
import java.io.IOException;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;

/** Whether relying parties find the key that signs, and whether it verifies the signature. */
final class JwksCheck {

    private static final JsonMapper MAPPER = new JsonMapper();

    private final Settings settings;
    private final Web web;

    JwksCheck(Settings settings, Web web) {
        this.settings = settings;
        this.web = web;
    }

    /** Whether the key is there. */
    boolean run(Optional<TokenSigner> signer, Optional<SampleToken> token, Findings findings) {
        Optional<String> uri = signer.flatMap(TokenSigner::jwksUri)
                .or(() -> settings.token().issuer().map(issuer -> new Issuer(issuer, false).endpoint(Paths.JWKS)));
        Optional<String> obstacle = obstacle(token.isPresent(), uri.isPresent());
        if (obstacle.isPresent()) {
            findings.skip(obstacle.get(), Check.JWKS);
            return false;
        }
        return check(uri.orElseThrow(), token.orElseThrow(), findings);
    }

    private Optional<String> obstacle(boolean signed, boolean published) {
        if (!signed) {
            return Optional.of("nothing could be signed");
        }
        if (settings.signing().makesKeyAtStart(settings.iam())) {
            return Optional.of("SIGNING_KEYS is not set: a running service has made a key of its own");
        }
        return published
                ? Optional.empty()
                : Optional.of("TOKEN_ISSUER is not set: where the keys are to be found is not known");
    }

    private boolean check(String uri, SampleToken token, Findings findings) {
        Web.Page page;
        try {
            page = web.get(uri);
        } catch (IOException e) {
            findings.fail(Check.JWKS, uri + " cannot be reached: " + e, "see who answers there: curl -v " + uri);
            return false;
        }
        if (!page.isOk()) {
            findings.fail(Check.JWKS, uri + " answers " + page.status(), "see who answers there: curl -v " + uri);
            return false;
        }
        Optional<String> problem = problem(page.body(), token);
        problem.ifPresentOrElse(
                text -> findings.fail(Check.JWKS, text + " at " + uri, remedy()),
                () -> findings.ok(
                        Check.JWKS, uri + " has the key " + token.keyId() + ", which verifies the signature"));
        return problem.isEmpty();
    }

    /** What keeps relying parties from verifying the token with what is published. */
    private static Optional<String> problem(String published, SampleToken token) {
        try {
            for (JsonNode key : MAPPER.readTree(published).path("keys")) {
                if (key.path("kid").asText().equals(token.keyId())) {
                    return verifies(key.toString(), token)
                            ? Optional.empty()
                            : Optional.of("another key than the one that signs has the id " + token.keyId());
                }
            }
            return Optional.of("the key " + token.keyId() + " that signs is not published");
        } catch (JsonProcessingException e) {
            return Optional.of("there is no JSON Web Key Set (RFC 7517)");
        }
    }

    private static boolean verifies(String jwk, SampleToken token) {
        try {
            if (Jwks.parser().build().parse(jwk) instanceof PublicJwk<?> key) {
                Jwts.parser()
                        .verifyWith(key.toKey())
                        .clock(() -> Date.from(
                                Instant.ofEpochSecond(token.claims().path("iat").asLong())))
                        .build()
                        .parseSignedClaims(token.value());
                return true;
            }
            return false;
        } catch (JwtException | IllegalArgumentException e) {
            return false;
        }
    }

    private String remedy() {
        return settings.iam()
                ? "wait a minute if the service account's key has just been rotated, and unset JWKS_URL if it is set"
                : "give every replica the same SIGNING_KEYS, and start them again after a key was added: a new key is published"
                        + " before it signs";
    }
}
