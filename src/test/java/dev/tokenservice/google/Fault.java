package dev.tokenservice.google;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A way in which Google fails to answer as it should. */
public interface Fault {

    /** The connection ends before an answer. */
    Fault DROP = exchange -> {};

    /** No answer ever. */
    Fault HANG = exchange -> sleep(Duration.ofMinutes(1));

    /** A byte from time to time, so that no read ever times out. */
    Fault TRICKLE = exchange -> {
        exchange.sendResponseHeaders(200, 0);
        OutputStream body = exchange.getResponseBody();
        for (int i = 0; i < 600; i++) {
            body.write(' ');
            body.flush();
            sleep(Duration.ofMillis(100));
        }
    };

    /** The connection ends in the middle of the answer. */
    Fault TRUNCATED = exchange -> {
        exchange.sendResponseHeaders(200, 1000);
        exchange.getResponseBody().write("{\"signedJwt\": \"ey".getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
    };

    /** An answer whose JSON ends too early. */
    Fault CUT_JSON = body(200, "application/json", "{\"signedJwt\": \"ey");

    /** A page for people, as proxies and portals like to send. */
    Fault HTML = body(200, "text/html", "<html><body>Sign in to continue</body></html>");

    /** Success and nothing to show for it. */
    Fault EMPTY = body(200, "application/json", "");

    /** Success and a JSON null. */
    Fault NULL = body(200, "application/json", "null");

    /** An object in which everything is null. */
    Fault NULL_MEMBERS = body(
            200,
            "application/json",
            "{\"signedJwt\":null,\"accessToken\":null,\"expireTime\":null,\"access_token\":null,\"token_type\":null}");

    /** An object in which nothing has the type it should have. */
    Fault WRONG_TYPES = body(
            200,
            "application/json",
            "{\"signedJwt\":{},\"accessToken\":1,\"expireTime\":[],\"access_token\":{},\"token_type\":1,\"expires_in\":\"x\"}");

    /** More than anybody wants to read. */
    Fault ENDLESS = exchange -> {
        exchange.sendResponseHeaders(200, 0);
        byte[] block = new byte[64 * 1024];
        for (int i = 0; i < 1000; i++) {
            exchange.getResponseBody().write(block);
        }
    };

    /** Spoils the answer of the exchange. */
    void apply(HttpExchange exchange) throws IOException;

    /** A status with a Google JSON error. */
    static Fault status(int status, String code, String message) {
        return body(
                status,
                "application/json",
                "{\"error\":{\"code\":%d,\"message\":\"%s\",\"status\":\"%s\"}}".formatted(status, message, code));
    }

    /** The same with the reason that Google gives in its details. */
    static Fault refusal(int status, String code, String reason, String message) {
        return exchange -> FakeAnswer.json(
                exchange,
                status,
                Map.of(
                        "error",
                        Map.of(
                                "code",
                                status,
                                "message",
                                message,
                                "status",
                                code,
                                "details",
                                List.of(Map.of(
                                        "@type", "type.googleapis.com/google.rpc.ErrorInfo", "reason", reason)))));
    }

    /** A status with an OAuth error. */
    static Fault oauth(int status, String error, String description) {
        return body(
                status,
                "application/json",
                "{\"error\":\"%s\",\"error_description\":\"%s\"}".formatted(error, description));
    }

    /** A status with a header and an empty body. */
    static Fault header(int status, String name, String value) {
        return exchange -> {
            exchange.getResponseHeaders().set(name, value);
            exchange.sendResponseHeaders(status, -1);
        };
    }

    /** An answer of one's own. */
    static Fault body(int status, String contentType, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return exchange -> {
            exchange.getResponseHeaders().set("Content-Type", contentType);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        };
    }

    private static void sleep(Duration duration) {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
