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
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether relying parties find the key that signs, and whether it verifies the signature. */
final class JwksCheck {

    private static final JsonMapper MAPPER = new JsonMapper();

    private final ConfigurationSections settings;
    private final PublicDocuments documents;

    JwksCheck(ConfigurationSections settings, PublicDocuments documents) {
        this.settings = settings;
        this.documents = documents;
    }

    boolean run(Optional<TokenSigner> signer, Optional<SampleToken> token, Findings findings) {
        Optional<String> uri = signer.flatMap(TokenSigner::jwksUri)
                .or(() -> settings.token().jwksUri())
                .or(() -> settings.token().issuer().map(issuer -> new Issuer(issuer, false).endpoint(Paths.JWKS)));
        Optional<String> obstacle = obstacle(token.isPresent(), uri.isPresent());
        if (obstacle.isPresent()) {
            findings.skip(obstacle.get(), CheckName.JWKS);
            return false;
        }
        return check(uri.orElseThrow(), signer.orElseThrow(), token.orElseThrow(), findings);
    }

    private Optional<String> obstacle(boolean signed, boolean published) {
        if (!signed) {
            return Optional.of("nothing could be signed");
        }
        if (settings.signing().makesKeyAtStart(settings.iam())) {
            return Optional.of("SIGNING_KEYS is not set: a running service has a key of its own");
        }
        return published ? Optional.empty() : Optional.of("TOKEN_ISSUER is not set: the URL of the keys is unknown");
    }

    private boolean check(String uri, TokenSigner signer, SampleToken token, Findings findings) {
        PublicDocuments.Page page;
        try {
            page = documents.get(uri);
        } catch (IOException e) {
            findings.fail(
                    CheckName.JWKS, uri + " cannot be reached: " + e, "check which server answers: curl -v " + uri);
            return false;
        }
        if (!page.isOk()) {
            findings.fail(
                    CheckName.JWKS, uri + " answers " + page.status(), "check which server answers: curl -v " + uri);
            return false;
        }
        Optional<String> problem = problem(page.body(), token).or(() -> missing(page.body(), signer));
        problem.ifPresentOrElse(
                text -> findings.fail(CheckName.JWKS, text + " at " + uri, remedy()),
                () -> findings.ok(
                        CheckName.JWKS, uri + " has the key " + token.keyId() + ", which verifies the signature"));
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
            return Optional.of("the answer is not a JSON Web Key Set (RFC 7517)");
        }
    }

    /** Which keys of the ring sign, or will, and are not in what is published. */
    private static Optional<String> missing(String published, TokenSigner signer) {
        Set<String> shown = new HashSet<>();
        try {
            MAPPER.readTree(published)
                    .path("keys")
                    .forEach(key -> shown.add(key.path("kid").asText()));
        } catch (JsonProcessingException e) {
            return Optional.of("the answer is not a JSON Web Key Set (RFC 7517)");
        }
        List<String> missing = signer.ring().stream()
                .flatMap(ring -> ring.needed().stream())
                .filter(id -> !shown.contains(id))
                .toList();
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of("keys that sign, or will sign next, are not published: " + String.join(", ", missing));
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
                : "give every replica the same SIGNING_KEYS; where TOKEN_JWKS_URI names a copy, upload it anew: "
                        + "java -jar"
                        + " token-service.jar issuer export DIR";
    }
}
