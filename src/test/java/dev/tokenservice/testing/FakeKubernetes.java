package dev.tokenservice.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.nimbusds.jwt.JWTClaimsSet;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.tokenservice.testing.TrustedIssuer.NotAccepted;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import javax.net.ssl.SSLContext;

/** An API server of Kubernetes with a structured authentication configuration, which knows the caller and nothing else. */
public final class FakeKubernetes implements AutoCloseable {

    private static final Set<String> ALGORITHMS =
            Set.of("RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512");

    private final TrustedIssuer issuer;
    private final Set<String> audiences = new HashSet<>();
    private final String prefix;
    private final HttpsServer server;

    /**
     * Starts one.
     *
     * @param configuration an AuthenticationConfiguration in YAML
     * @param address where the issuer is found in this test
     * @param tls the server's certificate
     */
    public FakeKubernetes(String configuration, URI address, SSLContext tls) {
        try {
            JsonNode jwt = new YAMLMapper().readTree(configuration).at("/jwt/0");
            String url = jwt.at("/issuer/url").asText();
            if (!url.startsWith("https://")
                    || !jwt.at("/claimMappings/username/claim").asText().equals("sub")) {
                throw new IllegalArgumentException("the API server does not start with " + configuration);
            }
            issuer = new TrustedIssuer(url, address);
            jwt.at("/issuer/audiences").forEach(audience -> audiences.add(audience.asText()));
            prefix = jwt.at("/claimMappings/username/prefix").asText();
            server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.createContext("/apis/authentication.k8s.io/v1/selfsubjectreviews", this::review);
        server.start();
    }

    public String url() {
        return "https://localhost:" + server.getAddress().getPort();
    }

    /** The name of the caller; empty where the token is not accepted. */
    public String user(String token) {
        try {
            JWTClaimsSet claims = issuer.verified(token, ALGORITHMS);
            TrustedIssuer.check(audiences.contains(claims.getAudience().get(0)), "wrong audience");
            return prefix + claims.getSubject();
        } catch (NotAccepted e) {
            return "";
        }
    }

    private void review(HttpExchange exchange) throws IOException {
        String header = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        String user = user(header.replaceFirst("^Bearer ", ""));
        String answer = user.isEmpty()
                ? "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"reason\":\"Unauthorized\",\"code\":401}"
                : "{\"kind\":\"SelfSubjectReview\",\"apiVersion\":\"authentication.k8s.io/v1\",\"status\":{\"userInfo\":"
                        + "{\"username\":\"" + user + "\"}}}";
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(user.isEmpty() ? 401 : 201, answer.length());
        exchange.getResponseBody().write(answer.getBytes(StandardCharsets.UTF_8));
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
