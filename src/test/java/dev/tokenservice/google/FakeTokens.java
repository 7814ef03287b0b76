package dev.tokenservice.google;

import com.sun.net.httpserver.HttpExchange;
import dev.tokenservice.oauth.Form;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The access tokens that Google has issued, and the two places where a workload gets them: the metadata server and OAuth. */
public final class FakeTokens {

    /** The person behind a refresh token. */
    public static final String PERSON = "developer@example.com";

    private static final Map<String, String> PRINCIPALS =
            Map.of("urn:ietf:params:oauth:grant-type:jwt-bearer", FakeGoogle.SERVICE_ACCOUNT, "refresh_token", PERSON);

    private final Map<String, Issued> issued = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private volatile Duration lifetime = Duration.ofHours(1);
    private volatile String email = FakeGoogle.SERVICE_ACCOUNT;

    /**
     * A token that Google has issued.
     *
     * @param principal whose it is
     * @param fromSts whether it came from the exchange of an ID token
     * @param scope its scopes
     */
    record Issued(String principal, boolean fromSts, String scope) {}

    String issue(String principal, boolean fromSts, String scope) {
        String token = "ya29.fake-" + count.incrementAndGet();
        issued.put(token, new Issued(principal, fromSts, scope));
        return token;
    }

    /** The token, if it was issued and not revoked. */
    Optional<Issued> find(String token) {
        return Optional.ofNullable(issued.get(token));
    }

    /** Revokes every token. */
    public void revokeAll() {
        issued.clear();
    }

    /** How long the tokens of this service's own credentials live from now on. */
    public void setLifetime(Duration lifetime) {
        this.lifetime = lifetime;
    }

    /** What the metadata server says the service account is. */
    public void setEmail(String email) {
        this.email = email;
    }

    /** The OAuth token endpoint: service account keys and people. */
    void tokenEndpoint(HttpExchange exchange) throws IOException {
        Form form = FakeAnswer.form(exchange);
        String principal = PRINCIPALS.get(form.get("grant_type").orElse(""));
        if (principal == null) {
            FakeAnswer.oauthError(exchange, "unsupported_grant_type", "Invalid grant_type");
            return;
        }
        FakeAnswer.json(exchange, 200, token(principal));
    }

    private Map<String, Object> token(String principal) {
        return Map.of(
                "access_token", issue(principal, false, "https://www.googleapis.com/auth/cloud-platform"),
                "expires_in", lifetime.toSeconds(),
                "token_type", "Bearer");
    }

    /** The metadata server of Cloud Run and Compute Engine. */
    void metadata(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Metadata-Flavor", "Google");
        if (!"Google".equals(exchange.getRequestHeaders().getFirst("Metadata-Flavor"))) {
            text(exchange, 403, "Missing Metadata-Flavor header");
            return;
        }
        switch (exchange.getRequestURI().getPath()) {
            case "/" -> text(exchange, 200, "computeMetadata/");
            case "/computeMetadata/v1/instance/service-accounts/default/email" -> text(exchange, 200, email);
            case "/computeMetadata/v1/instance/service-accounts/default/token" ->
                FakeAnswer.json(exchange, 200, token(FakeGoogle.SERVICE_ACCOUNT));
            case "/computeMetadata/v1/project/project-id" -> text(exchange, 200, "project");
            case "/computeMetadata/v1/universe/universe-domain" -> text(exchange, 200, "googleapis.com");
            default -> text(exchange, 404, "not found");
        }
    }

    private static void text(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
