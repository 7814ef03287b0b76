package dev.tokenservice.mistakes;

import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.TestCertificates;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestService;
import java.util.Map;
import java.util.stream.Stream;

/** Mistakes in the requests that clients send. */
final class ClientMistakes implements AutoCloseable {

    private final Headers headers = TestLoadBalancer.verified(TestCertificates.authority("Widgets CA")
            .client()
            .uri("spiffe://example.com/widget/7")
            .issue());
    private final TestService service = TestService.start(Map.of("TOKEN_AUDIENCE", "https://api.example.com"));

    Stream<Mistake> all() {
        return Stream.of(
                asked("Audience that is not allowed", token("audience", "https://other.example.com")),
                asked("Scope without a provider", token("scope", "https://www.googleapis.com/auth/cloud-platform")),
                asked("Client id of another client", token("client_id", "spiffe://example.com/widget/8")),
                asked(
                        "Grant type missing",
                        Request.post("/token", "audience", "x").headers(headers)),
                asked(
                        "Request in JSON",
                        token().with("Content-Type", "application/json")
                                .body("{\"grant_type\":\"client_credentials\"}")),
                asked("Upgrade forwarded without its connection option", token().header("Upgrade", "h2c")),
                asked("More than 128 header fields", many()));
    }

    private Request many() {
        Request request = token();
        for (int i = 0; i < 128; i++) {
            request = request.header("X-Hop-" + i, "1");
        }
        return request;
    }

    private Request token(String... parameters) {
        return TestService.tokenRequest(headers, parameters);
    }

    private Mistake asked(String title, Request request) {
        return new Mistake(title, () -> Scene.asked(service, request));
    }

    @Override
    public void close() {
        service.close();
    }
}
