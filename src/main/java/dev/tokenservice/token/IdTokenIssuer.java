package dev.tokenservice.token;

import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.identity.ClientPrincipal;
import dev.tokenservice.identity.DirectoryName;
import dev.tokenservice.identity.Names;
import dev.tokenservice.identity.SpiffeId;
import dev.tokenservice.outbound.Deadline;
import dev.tokenservice.policy.Decision;
import dev.tokenservice.policy.RelyingParty;
import dev.tokenservice.policy.TokenContent;
import dev.tokenservice.signing.TokenSigner;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Builds the claims of an ID token and has them signed. */
public final class IdTokenIssuer {

    private final TokenSigner signer;
    private final Duration validity;
    private final Clock clock;

    /**
     * Takes the signer and how long a token lasts.
     *
     * @param validity 1 minute to 12 hours, where the decision does not say; a token never outlives its certificate
     */
    public IdTokenIssuer(TokenSigner signer, Duration validity, Clock clock) {
        this.signer = signer;
        this.validity = validity;
        this.clock = clock;
    }

    /**
     * Issues a token.
     *
     * @throws dev.tokenservice.oauth.RefusedException when it could not be signed
     */
    public IdToken issue(ClientPrincipal client, String issuer, Decision decision, Deadline deadline) {
        RelyingParty party = decision.relyingParty();
        TokenLimits limits = new TokenLimits(party, decision.claims().keySet());
        limits.checkNames(issuer, decision.subject());
        Instant issuedAt = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Instant expiresAt = expiry(issuedAt.plus(decision.validity().orElse(validity)), client.certificate());
        String id = UUID.randomUUID().toString();

        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", issuer);
        claims.put("aud", party.audience());
        claims.put("iat", issuedAt.getEpochSecond());
        claims.put("exp", expiresAt.getEpochSecond());
        claims.put("jti", id);
        if (party.has(TokenContent.AMR)) {
            claims.put("amr", List.of(client.flow()));
        }
        if (party.has(TokenContent.CLIENT_ID)) {
            claims.put("client_id", client.clientId());
        }
        claims.put("sub", decision.subject());
        if (party.has(TokenContent.CLIENT)) {
            claims.put("client", attributes(client));
        }
        client.certificate()
                .sha256()
                .filter(sha256 -> party.has(TokenContent.CNF))
                .ifPresent(sha256 -> claims.put("cnf", Map.of("x5t#S256", base64Url(sha256))));
        claims.putAll(decision.claims());
        String algorithm = party.algorithm().orElse(signer.algorithm());
        String token = signer.sign(claims, algorithm, deadline);
        limits.checkToken(token, client.certificate());
        return new IdToken(token, id, party.audience(), issuedAt, expiresAt);
    }

    private static Instant expiry(Instant wanted, ClientCertificate certificate) {
        return certificate
                .notAfter()
                .map(end -> end.truncatedTo(ChronoUnit.SECONDS))
                .filter(wanted::isAfter)
                .orElse(wanted);
    }

    /** Members that are always there, as an attribute mapping fails on a missing one; single strings, and lists beside. */
    private static Map<String, Object> attributes(ClientPrincipal client) {
        ClientCertificate certificate = client.certificate();
        Names names = certificate.names();
        Map<String, Object> attributes = new LinkedHashMap<>();
        attributes.put("x5_spiffe", certificate.spiffeId().map(SpiffeId::uri).orElse(""));
        attributes.put("x5_dnssan", first(certificate.dnsSans()));
        attributes.put("x5_urisan", first(certificate.uriSans()));
        attributes.put("x5_sha256", certificate.sha256().orElse(""));
        attributes.put("x5_serial", certificate.serialNumber().orElse(""));
        attributes.put("x5_dnssans", certificate.dnsSans());
        attributes.put("x5_urisans", certificate.uriSans());
        attributes.put("x5_subject", text(names.subject().value().map(DirectoryName::text)));
        attributes.put("x5_cn", text(names.cn().value()));
        attributes.put("x5_issuer", text(names.issuer().value().map(DirectoryName::text)));
        attributes.put("x5_email", text(names.email().value()));
        attributes.put("authority", client.authority());
        return attributes;
    }

    private static String text(Optional<String> value) {
        return value.orElse("");
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
