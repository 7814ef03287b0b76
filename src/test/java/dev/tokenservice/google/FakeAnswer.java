package dev.tokenservice.google;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import dev.tokenservice.oauth.Form;
import java.io.IOException;
import java.util.Map;

/** Reads requests and writes answers the way Google does. */
final class FakeAnswer {

    static final JsonMapper MAPPER = new JsonMapper();

    private FakeAnswer() {}

    static void json(HttpExchange exchange, int status, Object body) throws IOException {
        byte[] bytes = MAPPER.writeValueAsBytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json; charset=UTF-8");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** A Google JSON error. */
    static void error(HttpExchange exchange, int code, String status, String message) throws IOException {
        json(exchange, code, Map.of("error", Map.of("code", code, "message", message, "status", status)));
    }

    /** An OAuth error. */
    static void oauthError(HttpExchange exchange, String error, String description) throws IOException {
        json(exchange, 400, Map.of("error", error, "error_description", description));
    }

    static JsonNode body(HttpExchange exchange) throws IOException {
        return MAPPER.readTree(exchange.getRequestBody());
    }

    static Form form(HttpExchange exchange) throws IOException {
        return Form.read(exchange.getRequestBody().readAllBytes()).checked();
    }

    /** The bearer token of the request; empty where there is none. */
    static String bearer(HttpExchange exchange) {
        String header = exchange.getRequestHeaders().getFirst("Authorization");
        return header == null || !header.startsWith("Bearer ") ? "" : header.substring("Bearer ".length());
    }
}
