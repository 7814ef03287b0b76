package dev.tokenservice.testing;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * A request as a test puts it together; nothing in it is checked.
 *
 * @param body one byte a character
 */
public record Request(String method, String target, Headers headers, String body) {

    private static final String NO_HOST = "";

    public static Request of(String method, String target) {
        return new Request(method, target, Headers.NONE, "");
    }

    public static Request get(String target) {
        return of("GET", target);
    }

    /** A form; names and values in turns, encoded properly. */
    public static Request post(String target, String... parameters) {
        StringBuilder form = new StringBuilder();
        for (int i = 0; i < parameters.length; i += 2) {
            form.append(i == 0 ? "" : "&")
                    .append(URLEncoder.encode(parameters[i], StandardCharsets.UTF_8))
                    .append('=')
                    .append(URLEncoder.encode(parameters[i + 1], StandardCharsets.UTF_8));
        }
        return of("POST", target)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .body(form.toString());
    }

    public Request header(String name, String value) {
        return new Request(method, target, headers.and(name, value), body);
    }

    public Request headers(Headers more) {
        return new Request(method, target, headers.and(more), body);
    }

    /** With this value in place of those of the name. */
    public Request with(String name, String value) {
        return new Request(method, target, headers.with(name, value), body);
    }

    public Request without(String name) {
        return new Request(method, target, headers.without(name), body);
    }

    public Request withoutHost() {
        return with("Host", NO_HOST);
    }

    public Request method(String other) {
        return new Request(other, target, headers, body);
    }

    public Request target(String other) {
        return new Request(method, other, headers, body);
    }

    /** One byte a character. */
    public Request body(String text) {
        return new Request(method, target, headers, text);
    }

    public byte[] bytes(int port, String connection) {
        StringBuilder head = new StringBuilder();
        head.append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
        if (!has("Host")) {
            head.append("Host: localhost:").append(port).append("\r\n");
        }
        for (Headers.Header header : headers.all()) {
            if (!(header.name().equals("Host") && header.value().equals(NO_HOST))) {
                head.append(header.name()).append(": ").append(header.value()).append("\r\n");
            }
        }
        if (!body.isEmpty() && !has("Content-Length") && !has("Transfer-Encoding")) {
            head.append("Content-Length: ").append(body.length()).append("\r\n");
        }
        head.append("Connection: ").append(connection).append("\r\n\r\n");
        return head.append(body).toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private boolean has(String name) {
        return headers.all().stream().anyMatch(header -> header.name().equalsIgnoreCase(name));
    }
}
