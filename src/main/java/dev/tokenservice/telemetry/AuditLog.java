package dev.tokenservice.telemetry;

import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.oauth.Refusal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One line for each decision about a token: who, by which flow, what was granted or why not, and which certificate it was.
 * Never a token. Written whatever the log level is.
 */
public final class AuditLog {

    /** The logger's name, which no setting can silence. */
    public static final String LOGGER = "audit";

    private static final Logger LOG = LoggerFactory.getLogger(LOGGER);
    private static final int MAX_LENGTH = 1024;

    /**
     * What was granted.
     *
     * @param tokenId the ID token's {@code jti}
     * @param issuer its {@code iss}
     * @param audience its {@code aud}
     * @param expiresAt its {@code exp}
     * @param scopes the scopes of the access token beside it; empty without one
     * @param serviceAccount the service account impersonated with it
     */
    public record Granted(
            String tokenId,
            String issuer,
            String audience,
            Instant expiresAt,
            List<String> scopes,
            Optional<String> serviceAccount) {}

    public void issued(AuditTrail trail, Granted granted) {
        Optional<String> scope = Optional.of(String.join(" ", granted.scopes())).filter(scopes -> !scopes.isEmpty());
        line(LOG.atInfo(), "issued", trail)
                .with("token_id", granted.tokenId())
                .with("token_issuer", granted.issuer())
                .with("audience", granted.audience())
                .with("expires", granted.expiresAt())
                .withOptional("scope", scope)
                .withOptional("service_account", granted.serviceAccount())
                .write("token issued");
    }

    /** Writes that nothing was issued: at INFO where the client is at fault, at ERROR where the operator must act. */
    public void refused(AuditTrail trail, Refusal refusal) {
        refusal(trail, refusal).write("token refused");
    }

    /**
     * Writes one line for several refusals.
     *
     * @param count how many the line stands for
     */
    public void refused(AuditTrail trail, Refusal refusal, int count) {
        refusal(trail, refusal).with("count", count).write("token refused");
    }

    private static LogLine refusal(AuditTrail trail, Refusal refusal) {
        return line(refusal.isOperatorsToFix() ? LOG.atError() : LOG.atInfo(), "refused", trail)
                .with("status", refusal.status())
                .with("error", refusal.error().code())
                .with("reason_code", refusal.reason().code())
                .with("reason", refusal.description())
                .withOptional("detail", refusal.detail());
    }

    private static LogLine line(LoggingEventBuilder builder, String decision, AuditTrail trail) {
        LogLine line = new LogLine(builder)
                .with("decision", decision)
                .with("request_id", trail.requestId())
                .with("peer", trail.peer().getHostAddress())
                .withOptional("flow", trail.flow())
                .withOptional("client_id", trail.clientId())
                .withOptional("authority", trail.authority())
                .withOptional("relying_party", trail.relyingParty())
                .withOptional("generation", trail.generation())
                .withOptional("content", trail.content())
                .withOptional("rule", trail.rule())
                .withOptional("shadow_decision", trail.shadowDecision())
                .withOptional("shadow_rule", trail.shadowRule())
                .withOptional("inputs", trail.inputs());
        Optional<ClientCertificate> certificate = trail.certificate();
        return certificate.isPresent() ? line.withCertificate(certificate.get(), trail.isVerified(), MAX_LENGTH) : line;
    }
}
