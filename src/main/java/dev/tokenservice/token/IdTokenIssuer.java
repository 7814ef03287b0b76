package dev.tokenservice.token;

import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.identity.ClientPrincipal;
import dev.tokenservice.identity.SpiffeId;
import dev.tokenservice.outbound.Deadline;
import dev.tokenservice.signing.TokenSigner;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Builds the claims of an ID token and has them signed. */
public final class IdTokenIssuer {

    private final TokenSigner signer;
    private final Duration validity;
    private final Clock clock;

    /**
     * Takes the signer and how long a token lasts.
     *
     * @param validity 1 minute to 12 hours; a token never outlives its certificate, whatever this says
     */
    public IdTokenIssuer(TokenSigner signer, Duration validity, Clock clock) {
        this.signer = signer;
        this.validity = validity;
        this.clock = clock;
    }

    /**
     * Issues a token.
     *
     * @throws dev.tokenservice.oauth.OAuthException when it could not be signed
     */
    public IdToken issue(ClientPrincipal client, String issuer, String audience, Deadline deadline) {
        Instant issuedAt = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Instant expiresAt = expiry(issuedAt, client.certificate());
        String id = UUID.randomUUID().toString();

        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", issuer);
        claims.put("aud", audience);
        claims.put("iat", issuedAt.getEpochSecond());
        claims.put("exp", expiresAt.getEpochSecond());
        claims.put("jti", id);
        claims.put("amr", List.of(client.flow()));
        claims.put("client_id", client.clientId());
        claims.put("sub", client.clientId());
        claims.put("client", attributes(client.certificate()));
        client.certificate().sha256().ifPresent(sha256 -> claims.put("cnf", Map.of("x5t#S256", base64Url(sha256))));
        return new IdToken(signer.sign(claims, deadline), id, audience, issuedAt, expiresAt);
    }

    private Instant expiry(Instant issuedAt, ClientCertificate certificate) {
        Instant wanted = issuedAt.plus(validity);
        return certificate
                .notAfter()
                .map(end -> end.truncatedTo(ChronoUnit.SECONDS))
                .filter(wanted::isAfter)
                .orElse(wanted);
    }

    /** Members that are always there, as an attribute mapping fails on a missing one; single strings, and lists beside. */
    private static Map<String, Object> attributes(ClientCertificate certificate) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        attributes.put("x5_spiffe", certificate.spiffeId().map(SpiffeId::uri).orElse(""));
        attributes.put("x5_dnssan", first(certificate.dnsSans()));
        attributes.put("x5_urisan", first(certificate.uriSans()));
        attributes.put("x5_sha256", certificate.sha256().orElse(""));
        attributes.put("x5_serial", certificate.serialNumber().orElse(""));
        attributes.put("x5_dnssans", certificate.dnsSans());
        attributes.put("x5_urisans", certificate.uriSans());
        return attributes;
    }

    private static String first(List<String> values) {
        return values.isEmpty() ? "" : values.get(0);
    }

    /** RFC 8705 section 3.1 wants the alphabet for URLs. */
    private static String base64Url(String base64) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Base64.getDecoder().decode(base64));
    }
}
