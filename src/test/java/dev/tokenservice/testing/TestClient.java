package dev.tokenservice.testing;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/** Asks a running service, as a client behind a load balancer. */
public final class TestClient {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private TestClient() {}

    /** Gets a resource. */
    public static Answer get(int port, String path) {
        return send(HttpRequest.newBuilder(uri(port, path))).join();
    }

    /** Asks for a token with a certificate of which the load balancer tells the SPIFFE ID only. */
    public static CompletableFuture<Answer> tokenAsync(int port, String spiffeId, String parameters) {
        return send(HttpRequest.newBuilder(uri(port, "/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("X-Client-Cert-Present", "true")
                .header("X-Client-Cert-Chain-Verified", "true")
                .header("X-Client-Cert-Spiffe", spiffeId)
                .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials&" + parameters)));
    }

    private static CompletableFuture<Answer> send(HttpRequest.Builder request) {
        Instant start = Instant.now();
        return HTTP.sendAsync(request.timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofString())
                .thenApply(response -> new Answer(response, Duration.between(start, Instant.now())));
    }

    private static URI uri(int port, String path) {
        return URI.create("http://localhost:" + port + path);
    }
}
