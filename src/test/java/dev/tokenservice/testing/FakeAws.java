package dev.tokenservice.testing;

import com.nimbusds.jwt.JWTClaimsSet;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tokenservice.oauth.Form;
import dev.tokenservice.testing.TrustedIssuer.NotAccepted;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * STS of AWS, as far as AssumeRoleWithWebIdentity, with one identity provider and one role: it verifies as AWS says, and as AWS was
 * seen to do. Session tags are in a claim, and a value is a list of one text.
 */
public final class FakeAws implements AutoCloseable {

    public static final String ROLE = "arn:aws:iam::123456789012:role/robot";

    private static final Set<String> ALGORITHMS = Set.of("RS256", "RS384", "RS512", "ES256", "ES384", "ES512");
    private static final Pattern TAG = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*");

    private final TrustedIssuer issuer;
    private final String audience;
    private final String subject;
    private final HttpServer server;
    private volatile Map<String, ?> tags = Map.of();

    private FakeAws(TrustedIssuer issuer, String audience, String subject) throws IOException {
        this.issuer = issuer;
        this.audience = audience;
        this.subject = subject;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.createContext("/", this::assumeRole);
        server.start();
    }

    /**
     * Starts one.
     *
     * @param issuer the URL of the identity provider
     * @param address where the issuer is found in this test
     * @param audience its only client id
     * @param subject whom the role trusts
     */
    public static FakeAws start(String issuer, URI address, String audience, String subject) {
        if (!Pattern.matches("https://[^:?#]{1,247}", issuer) || audience.length() > 255) {
            throw new IllegalArgumentException("IAM refuses the provider " + issuer + " of " + audience);
        }
        try {
            return new FakeAws(new TrustedIssuer(issuer, address), audience, subject);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What to set {@code AWS_ENDPOINT_URL_STS} to. */
    public String url() {
        return "http://" + server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort();
    }

    /** The session tags of the last role that was assumed. */
    public Map<String, ?> tags() {
        return tags;
    }

    /** Asks for the credentials of the role, and returns the answer. */
    public Response assumeRole(String token) {
        return Http.send(
                server.getAddress().getPort(),
                Request.post(
                        "/",
                        "Action",
                        "AssumeRoleWithWebIdentity",
                        "RoleArn",
                        ROLE,
                        "RoleSessionName",
                        "robot",
                        "WebIdentityToken",
                        token));
    }

    private void assumeRole(HttpExchange exchange) throws IOException {
        Form form = Form.read(exchange.getRequestBody().readAllBytes()).checked();
        try {
            TrustedIssuer.check(form.get("Action").equals(Optional.of("AssumeRoleWithWebIdentity")), "another action");
            TrustedIssuer.check(form.get("RoleArn").equals(Optional.of(ROLE)), "another role");
            String token = form.get("WebIdentityToken").orElse("");
            TrustedIssuer.check(token.length() >= 4 && token.length() <= 20_000, "webIdentityToken has a wrong length");
            JWTClaimsSet claims = issuer.verified(token, ALGORITHMS);
            TrustedIssuer.check(claims.getAudience().equals(List.of(audience)), "Incorrect token audience");
            TrustedIssuer.check(subject.equals(claims.getSubject()), "Not authorized to perform the action");
            tags = sessionTags(claims);
            answer(exchange, 200, credentials(claims));
        } catch (NotAccepted e) {
            answer(
                    exchange,
                    400,
                    "<ErrorResponse><Error><Type>Sender</Type><Code>InvalidIdentityToken</Code><Message>"
                            + e.getMessage() + "</Message></Error></ErrorResponse>");
        }
    }

    private static Map<String, ?> sessionTags(JWTClaimsSet claims) throws NotAccepted {
        Object claim = claims.getClaim("https://aws.amazon.com/tags");
        if (claim == null) {
            return Map.of();
        }
        if (!(claim instanceof Map<?, ?> members) || !(members.get("principal_tags") instanceof Map<?, ?> principal)) {
            throw new NotAccepted("no principal_tags");
        }
        Map<String, Object> tags = new HashMap<>();
        principal.forEach((key, value) -> tags.put(String.valueOf(key), value));
        TrustedIssuer.check(tags.size() <= 50, "more than 50 session tags");
        for (Map.Entry<String, Object> tag : tags.entrySet()) {
            TrustedIssuer.check(isTag(tag.getKey(), 128), "the session tag key " + tag.getKey() + " is not allowed");
            TrustedIssuer.check(
                    tag.getValue() instanceof List<?> values
                            && values.size() == 1
                            && values.get(0) instanceof String text
                            && isTag(text, 256),
                    "the value of the session tag " + tag.getKey() + " is not a list of one text that is allowed");
        }
        Object transitive = members.get("transitive_tag_keys");
        TrustedIssuer.check(
                transitive == null
                        || (transitive instanceof List<?> keys && tags.keySet().containsAll(keys)),
                "transitive_tag_keys names other tags");
        return tags;
    }

    private static boolean isTag(String text, int most) {
        return text.length() <= most && TAG.matcher(text).matches();
    }

    private String credentials(JWTClaimsSet claims) {
        return "<AssumeRoleWithWebIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">"
                + "<AssumeRoleWithWebIdentityResult><Audience>" + audience + "</Audience><Provider>" + issuer.name()
                + "</Provider><SubjectFromWebIdentityToken>" + claims.getSubject()
                + "</SubjectFromWebIdentityToken><AssumedRoleUser><Arn>" + ROLE
                + "/robot</Arn><AssumedRoleId>A:robot</AssumedRoleId></AssumedRoleUser><Credentials><AccessKeyId>ASIAFAKE"
                + "</AccessKeyId><SecretAccessKey>fake</SecretAccessKey><SessionToken>fake</SessionToken><Expiration>"
                + Instant.now().plusSeconds(3600) + "</Expiration></Credentials></AssumeRoleWithWebIdentityResult>"
                + "<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></AssumeRoleWithWebIdentityResponse>";
    }

    private static void answer(HttpExchange exchange, int status, String xml) throws IOException {
        byte[] body = xml.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/xml");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
