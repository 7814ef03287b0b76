package dev.tokenservice.google;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.sun.net.httpserver.HttpExchange;
import dev.tokenservice.testing.TestKeys;
import java.io.IOException;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The IAM Credentials API: signs with a key that it publishes, and lends out service accounts. */
public final class FakeIam {

    private static final String SCOPES = "https://www.googleapis.com/auth/";
    private static final Duration LONGEST_JWT = Duration.ofHours(12);
    private static final int ORDINARY_LIFETIME = 3600;

    private final FakeTokens tokens;
    private final List<RSAKey> keys = new CopyOnWriteArrayList<>();
    private final AtomicInteger keyCount = new AtomicInteger();
    private final Map<String, Set<String>> impersonators = new ConcurrentHashMap<>();
    private volatile boolean longLifetimes;
    private volatile boolean withheld;
    private volatile @Nullable String canned;

    FakeIam(FakeTokens tokens) {
        this.tokens = tokens;
        rotateKey();
    }

    /** From now on another key signs; the older ones stay published. */
    public void rotateKey() {
        KeyPair pair = TestKeys.rsaPair();
        keys.add(new RSAKey.Builder((RSAPublicKey) pair.getPublic())
                .privateKey(pair.getPrivate())
                .keyID("key-" + keyCount.incrementAndGet())
                .keyUse(KeyUse.SIGNATURE)
                .algorithm(JWSAlgorithm.RS256)
                .build());
    }

    /** The key that signs is not published for now. */
    public void withholdKey() {
        withheld = true;
    }

    /** Every key is published. */
    public void publishKeys() {
        withheld = false;
    }

    /** From now on every signature is this one, for tests that want many. */
    public void setCannedSignature(String jws) {
        canned = jws;
    }

    /** Lets the principal of a workload identity use a service account. */
    public void grantImpersonation(String serviceAccount, String subject) {
        impersonators
                .computeIfAbsent(serviceAccount, account -> ConcurrentHashMap.newKeySet())
                .add(subject);
    }

    /** The organisation policy that allows tokens of up to 12 hours. */
    public void allowLongLifetimes() {
        longLifetimes = true;
    }

    /** What verifies the signatures. */
    public JWKSet publicKeys() {
        List<JWK> published = new ArrayList<>(keys);
        if (withheld) {
            published.remove(published.size() - 1);
        }
        return new JWKSet(published).toPublicJWKSet();
    }

    void jwks(HttpExchange exchange) throws IOException {
        FakeAnswer.json(exchange, 200, publicKeys().toJSONObject());
    }

    void signJwt(HttpExchange exchange) throws IOException {
        JsonNode request = FakeAnswer.body(exchange);
        if (tokens.find(FakeAnswer.bearer(exchange))
                .filter(token -> !token.fromSts())
                .isEmpty()) {
            FakeAnswer.error(exchange, 401, "UNAUTHENTICATED", "Request had invalid authentication credentials.");
            return;
        }
        String payload = request.path("payload").asText();
        JsonNode claims = FakeAnswer.MAPPER.readTree(payload);
        long now = Instant.now().getEpochSecond();
        JsonNode exp = claims.path("exp");
        if (!exp.isIntegralNumber() || exp.asLong() <= now || exp.asLong() > now + LONGEST_JWT.toSeconds()) {
            FakeAnswer.error(exchange, 400, "INVALID_ARGUMENT", "exp must be an integer within 12 hours");
            return;
        }
        RSAKey key = keys.get(keys.size() - 1);
        String fixed = canned;
        FakeAnswer.json(
                exchange,
                200,
                Map.of("keyId", key.getKeyID(), "signedJwt", fixed == null ? sign(key, payload) : fixed));
    }

    private static String sign(RSAKey key, String payload) {
        try {
            JWSObject jws = new JWSObject(
                    new JWSHeader.Builder(JWSAlgorithm.RS256)
                            .keyID(key.getKeyID())
                            .type(JOSEObjectType.JWT)
                            .build(),
                    new Payload(payload));
            jws.sign(new RSASSASigner(key));
            return jws.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    void generateAccessToken(HttpExchange exchange) throws IOException {
        JsonNode request = FakeAnswer.body(exchange);
        FakeTokens.Issued bearer = tokens.find(FakeAnswer.bearer(exchange))
                .filter(FakeIam::mayImpersonate)
                .orElse(null);
        if (bearer == null) {
            FakeAnswer.error(exchange, 401, "UNAUTHENTICATED", "Request had invalid authentication credentials.");
            return;
        }
        String path = exchange.getRequestURI().getPath();
        String account = path.substring(path.lastIndexOf('/') + 1, path.lastIndexOf(':'));
        if (!impersonators.getOrDefault(account, Set.of()).contains(bearer.principal())) {
            FakeAnswer.error(
                    exchange,
                    403,
                    "PERMISSION_DENIED",
                    "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist).");
            return;
        }
        List<String> scopes = new ArrayList<>();
        request.path("scope").forEach(scope -> scopes.add(scope.asText()));
        if (scopes.isEmpty()
                || scopes.stream().anyMatch(scope -> !scope.startsWith(SCOPES) && !scope.equals("openid"))) {
            FakeAnswer.error(exchange, 400, "INVALID_ARGUMENT", "Invalid value at 'scope'");
            return;
        }
        int lifetime = Integer.parseInt(request.path("lifetime").asText().replaceAll("s$", ""));
        if (lifetime > ORDINARY_LIFETIME && !longLifetimes) {
            FakeAnswer.error(exchange, 400, "INVALID_ARGUMENT", "The access token lifetime cannot exceed 3600s.");
            return;
        }
        FakeAnswer.json(
                exchange,
                200,
                Map.of(
                        "accessToken", tokens.issue(account, false, String.join(" ", scopes)),
                        "expireTime",
                                Instant.ofEpochSecond(Instant.now().getEpochSecond() + lifetime)
                                        .toString()));
    }

    /** A workload's token from STS, or a person's own: never the token of the service that asks on a client's behalf. */
    private static boolean mayImpersonate(FakeTokens.Issued token) {
        return (token.fromSts() || token.principal().equals(FakeTokens.PERSON))
                && Set.of(SCOPES + "cloud-platform", SCOPES + "iam").contains(token.scope());
    }
}
