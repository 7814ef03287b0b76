package dev.tokenservice.google;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;

/** An issuer of ID tokens like this service, for the tests of what comes after the signature. */
final class TestIssuer implements AutoCloseable {

    private final HttpServer server;
    private final ECKey key;

    TestIssuer() {
        try {
            key = new ECKeyGenerator(Curve.P_256).keyID("issuer").generate();
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        server.createContext(
                "/.well-known/openid-configuration",
                exchange -> FakeAnswer.json(exchange, 200, Map.of("issuer", url(), "jwks_uri", url() + "/jwks")));
        server.createContext(
                "/jwks",
                exchange -> FakeAnswer.json(
                        exchange, 200, new JWKSet(key).toPublicJWKSet().toJSONObject()));
        server.start();
    }

    String url() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    /** A token for a provider, with every claim that the attribute mapping needs. */
    String token(String audience, String clientId) {
        Map<String, Object> client = new LinkedHashMap<>();
        for (String attribute : new String[] {"x5_spiffe", "x5_dnssan", "x5_urisan", "x5_sha256", "x5_serial"}) {
            client.put(attribute, "");
        }
        Instant now = Instant.now();
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(url())
                .audience(audience)
                .subject(clientId)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(300)))
                .claim("client_id", clientId)
                .claim("client", client)
                .build();
        try {
            SignedJWT jwt = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("issuer").build(), claims);
            jwt.sign(new ECDSASigner(key));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
