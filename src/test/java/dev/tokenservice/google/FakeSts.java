package dev.tokenservice.google;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import dev.tokenservice.oauth.Form;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/**
 * The Security Token Service with workload identity pools: verifies an ID token the way federation does, with the discovery
 * document and the keys that its issuer publishes, and applies the attribute mapping of the deployment guide.
 */
public final class FakeSts {

    private static final String SCOPES = "https://www.googleapis.com/auth/";
    private static final Duration LONGEST_LIFETIME = Duration.ofHours(24);
    private static final int LONGEST_SUBJECT = 127;
    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256);
    private static final List<String> MAPPED = List.of("x5_spiffe", "x5_dnssan", "x5_urisan", "x5_sha256", "x5_serial");

    private final FakeTokens tokens;
    private final HttpClient http;
    private final Map<String, Provider> providers = new ConcurrentHashMap<>();
    private final Map<String, URI> addresses = new ConcurrentHashMap<>();

    /**
     * What a provider is set up with.
     *
     * @param issuer to the letter
     * @param audiences what is accepted; empty for the provider's own name, with and without the scheme
     * @param subject the claim that is mapped to {@code google.subject}
     * @param condition a client id has to match it
     */
    public record Provider(String issuer, List<String> audiences, String subject, Pattern condition) {

        /** As in the deployment guide. */
        public static Provider of(String issuer) {
            return new Provider(issuer, List.of(), "client_id", Pattern.compile(".*"));
        }

        public Provider accepting(String audience) {
            return new Provider(issuer, List.of(audience), subject, condition);
        }

        public Provider mapping(String claim) {
            return new Provider(issuer, audiences, claim, condition);
        }

        public Provider admitting(String clientIds) {
            return new Provider(issuer, audiences, subject, Pattern.compile(clientIds));
        }
    }

    FakeSts(FakeTokens tokens, SSLContext tls) {
        this.tokens = tokens;
        this.http = HttpClient.newBuilder()
                .sslContext(tls)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /**
     * Creates a provider.
     *
     * @param audience its full name, {@code //iam.googleapis.com/projects/…}
     * @param issuer the issuer it is registered with, to the letter
     */
    public void addProvider(String audience, String issuer) {
        addProvider(audience, Provider.of(issuer));
    }

    /** Creates a provider, or puts it in the place of one of this name. */
    public void addProvider(String audience, Provider provider) {
        providers.put(audience, provider);
    }

    /** Where an issuer is found that is not at the address its name says. */
    public void resolve(String issuer, URI address) {
        addresses.put(issuer, address);
    }

    void exchange(HttpExchange exchange) throws IOException {
        Form form = FakeAnswer.form(exchange);
        try {
            String scope = parameter(form, "scope");
            String subject = subject(form);
            if (!List.of(scope.split(" ")).stream().allMatch(each -> each.startsWith(SCOPES))) {
                throw new Refusal("invalid_scope", "Some requested scopes were invalid: " + scope);
            }
            FakeAnswer.json(
                    exchange,
                    200,
                    Map.of(
                            "access_token",
                            tokens.issue(subject, true, scope),
                            "issued_token_type",
                            "urn:ietf:params:oauth:token-type:access_token",
                            "token_type",
                            "Bearer",
                            "expires_in",
                            3599));
        } catch (Refusal e) {
            FakeAnswer.oauthError(exchange, e.code, e.description);
        }
    }

    private String subject(Form form) throws Refusal {
        expect(form, "grant_type", Set.of("urn:ietf:params:oauth:grant-type:token-exchange"));
        expect(form, "requested_token_type", Set.of("urn:ietf:params:oauth:token-type:access_token"));
        expect(
                form,
                "subject_token_type",
                Set.of("urn:ietf:params:oauth:token-type:jwt", "urn:ietf:params:oauth:token-type:id_token"));
        String audience = parameter(form, "audience");
        Provider provider = providers.get(audience);
        if (provider == null) {
            throw new Refusal(
                    "invalid_target",
                    "The target service indicated by the \"audience\" parameters is invalid. This might either be because "
                            + "the pool or provider is disabled or deleted or because it doesn't exist.");
        }
        try {
            return verified(SignedJWT.parse(parameter(form, "subject_token")), audience, provider);
        } catch (ParseException | JOSEException | IOException | InterruptedException e) {
            throw new Refusal("invalid_grant", "Error connecting to the given credential's issuer.");
        }
    }

    private String verified(SignedJWT jwt, String audience, Provider provider)
            throws Refusal, ParseException, JOSEException, IOException, InterruptedException {
        JWTClaimsSet claims = jwt.getJWTClaimsSet();
        String issuer = provider.issuer();
        check(
                issuer.equals(claims.getIssuer()),
                "The issuer in ID Token " + claims.getIssuer() + " does not match the expected ones: " + issuer);
        List<String> accepted =
                provider.audiences().isEmpty() ? List.of(audience, "https:" + audience) : provider.audiences();
        check(
                claims.getAudience().size() == 1
                        && accepted.contains(claims.getAudience().get(0)),
                "The audience in ID Token " + claims.getAudience() + " does not match the expected audience.");
        checkLifetime(claims);
        check(claims.getSubject() != null && !claims.getSubject().isEmpty(), "The ID Token has no sub");
        checkSignature(jwt, issuer);
        return mapped(claims, provider);
    }

    private static void checkLifetime(JWTClaimsSet claims) throws Refusal {
        Date iat = claims.getIssueTime();
        Date exp = claims.getExpirationTime();
        check(iat != null && exp != null, "The ID Token lacks iat or exp");
        Instant now = Instant.now();
        check(
                !iat.toInstant().isAfter(now.plusSeconds(1)) && exp.toInstant().isAfter(now),
                "ID Token issued at " + iat.toInstant().getEpochSecond() + " is stale to sign-in.");
        check(
                Duration.between(iat.toInstant(), exp.toInstant()).compareTo(LONGEST_LIFETIME) <= 0,
                "The ID Token lives too long");
    }

    private void checkSignature(SignedJWT jwt, String issuer)
            throws Refusal, ParseException, JOSEException, IOException, InterruptedException {
        check(ALGORITHMS.contains(jwt.getHeader().getAlgorithm()), "Unsupported algorithm");
        Map<String, Object> discovery = JSONObjectUtils.parse(get(discovery(issuer)));
        check(
                issuer.equals(discovery.get("issuer")),
                "`issuer` claim in OIDC discovery document does not match the issuer specified in the request.");
        JWKSet keys = JWKSet.parse(get(located(issuer, String.valueOf(discovery.get("jwks_uri")))));
        String kid = jwt.getHeader().getKeyID();
        JWK key = kid == null ? null : keys.getKeyByKeyId(kid);
        if (!(key instanceof AsymmetricJWK asymmetric)) {
            throw new Refusal("invalid_grant", "Invalid ID Token signature: no key matches " + kid);
        }
        check(
                jwt.verify(
                        new DefaultJWSVerifierFactory().createJWSVerifier(jwt.getHeader(), asymmetric.toPublicKey())),
                "Invalid ID Token signature");
    }

    private URI discovery(String issuer) {
        return located(issuer, issuer.replaceAll("/$", "") + "/.well-known/openid-configuration");
    }

    /** Where a document of the issuer is found, if not at the address that its name says. */
    private URI located(String issuer, String url) {
        URI address = addresses.get(issuer);
        return URI.create(
                address != null && url.startsWith(issuer)
                        ? address.toString().replaceAll("/$", "") + url.substring(issuer.length())
                        : url);
    }

    private String get(URI uri) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build(),
                HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(uri + " answers " + response.statusCode());
        }
        return response.body();
    }

    /** The guide's mapping: google.subject from client_id, five attributes from the members of client. */
    private static String mapped(JWTClaimsSet claims, Provider provider) throws Refusal, ParseException {
        if (!(claims.getClaim(provider.subject()) instanceof String subject) || subject.isEmpty()) {
            throw new Refusal(
                    "unauthorized_client", "Could not obtain a value for google.subject from the given credential.");
        }
        if (subject.getBytes(StandardCharsets.UTF_8).length > LONGEST_SUBJECT) {
            throw new Refusal(
                    "invalid_request",
                    "The size of mapped attribute google.subject exceeds the 127 bytes limit. Either modify your attribute "
                            + "mapping or the incoming assertion to produce a mapped attribute that is less than 127 bytes.");
        }
        if (!provider.condition().matcher(claims.getStringClaim("client_id")).matches()) {
            throw new Refusal("unauthorized_client", "The given credential is rejected by the attribute condition.");
        }
        Map<String, Object> client = claims.getJSONObjectClaim("client");
        for (String attribute : MAPPED) {
            check(
                    client != null && client.get(attribute) instanceof String,
                    "The mapped attribute assertion.client." + attribute + " must be a string");
        }
        return subject;
    }

    private static String parameter(Form form, String name) throws Refusal {
        return form.get(name).orElseThrow(() -> new Refusal("invalid_request", "Missing " + name));
    }

    private static void expect(Form form, String name, Set<String> values) throws Refusal {
        if (!values.contains(parameter(form, name))) {
            throw new Refusal("invalid_request", "Invalid value for " + name);
        }
    }

    private static void check(boolean condition, String otherwise) throws Refusal {
        if (!condition) {
            throw new Refusal("invalid_grant", otherwise);
        }
    }

    private static final class Refusal extends Exception {

        private final String code;
        private final String description;

        Refusal(String code, String description) {
            super(description);
            this.code = code;
            this.description = description;
        }
    }
}
