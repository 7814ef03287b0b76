package dev.tokenservice.telemetry;

import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.oauth.OAuthException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One line for each decision about a token: who, by which flow, what was granted or why not, and which certificate it was.
 * Never a token. Written whatever the log level is.
 */
public final class AuditLog {

    /** The logger's name, which no setting can silence. */
    public static final String LOGGER = "audit";

    private static final Logger LOG = LoggerFactory.getLogger(LOGGER);
    private static final int SERVER_ERROR = 500;

    /**
     * Who asked, as far as it is known.
     *
     * @param flow the authentication flow, where the request got that far
     * @param certificate the verified certificate, where there is one
     * @param clientId the client's id, where it was authenticated
     */
    public record Client(Optional<String> flow, Optional<ClientCertificate> certificate, Optional<String> clientId) {

        /** A client of which nothing is known. */
        public static final Client UNKNOWN = new Client(Optional.empty(), Optional.empty(), Optional.empty());
    }

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

    /** Writes that tokens were issued. */
    public void issued(Client client, Granted granted) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("decision", "issued");
        describe(client, fields);
        fields.put("token_id", granted.tokenId());
        fields.put("issuer", granted.issuer());
        fields.put("audience", granted.audience());
        fields.put("expires", granted.expiresAt());
        if (!granted.scopes().isEmpty()) {
            fields.put("scope", String.join(" ", granted.scopes()));
        }
        granted.serviceAccount().ifPresent(email -> fields.put("service_account", email));
        write(Level.INFO, fields, "token issued");
    }

    /** Writes that nothing was issued: at INFO where the client is at fault, at ERROR where the operator has to act. */
    public void refused(Client client, OAuthException refusal) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("decision", "refused");
        describe(client, fields);
        fields.put("status", refusal.status());
        fields.put("error", refusal.error().code());
        fields.put("reason", refusal.description());
        refusal.detail().ifPresent(detail -> fields.put("detail", detail));
        write(refusal.status() == SERVER_ERROR ? Level.ERROR : Level.INFO, fields, "token refused");
    }

    private static void describe(Client client, Map<String, Object> fields) {
        client.flow().ifPresent(flow -> fields.put("flow", flow));
        client.clientId().ifPresent(id -> fields.put("client_id", id));
        client.certificate().ifPresent(certificate -> {
            certificate.sha256().ifPresent(sha256 -> fields.put("fingerprint", sha256));
            certificate.serialNumber().ifPresent(serial -> fields.put("serial", serial));
        });
    }

    private static void write(Level level, Map<String, Object> fields, String message) {
        LoggingEventBuilder line = LOG.atLevel(level);
        for (Map.Entry<String, Object> field : fields.entrySet()) {
            line = line.addKeyValue(field.getKey(), field.getValue());
        }
        line.log(message);
    }
}
