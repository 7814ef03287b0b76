package dev.tokenservice.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.api.client.http.ByteArrayContent;
import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpContent;
import com.google.api.client.http.HttpHeaders;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpRequestFactory;
import com.google.api.client.http.HttpResponse;
import dev.tokenservice.outbound.GoogleTransport;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks at public documents, over the bounded transport of all calls. */
final class PublicDocuments {

    private static final int TIMEOUT_MILLISECONDS = 5000;
    private static final int OK = 200;
    private static final JsonMapper MAPPER = new JsonMapper();

    private final HttpRequestFactory requests;

    /**
     * An answer.
     *
     * @param status the HTTP status
     * @param headers the header fields
     * @param body the content as text
     */
    record Page(int status, HttpHeaders headers, String body) {

        /** Returns the header {@code Date}, where it is one. */
        Optional<Instant> date() {
            return PublicDocuments.date(headers.getDate());
        }

        /** A header; empty if there is none. */
        String header(String name) {
            String value = headers.getFirstHeaderStringValue(name);
            return value == null ? "" : value;
        }

        /** Returns the content where it is one JSON object; else a missing node. */
        JsonNode json() {
            return PublicDocuments.json(body);
        }

        boolean isOk() {
            return status == OK;
        }

        boolean isSuccess() {
            return status / 100 == 2;
        }

        /** Returns the code of an OAuth error; empty if it is none. */
        String error() {
            return json().path("error").asText();
        }
    }

    PublicDocuments(GoogleTransport transport) {
        this.requests = transport.http().createRequestFactory();
    }

    /** Gets a page, whatever its status; follows no redirect. */
    Page get(String url) throws IOException {
        return execute(requests.buildGetRequest(new GenericUrl(url)));
    }

    /**
     * Requests a token, whatever the answer; follows no redirect.
     *
     * @param headers in addition to those of every request
     */
    Page requestToken(String url, Map<String, String> headers) throws IOException {
        HttpContent form =
                ByteArrayContent.fromString("application/x-www-form-urlencoded", "grant_type=client_credentials");
        HttpRequest request = requests.buildPostRequest(new GenericUrl(url), form);
        headers.forEach(request.getHeaders()::set);
        return execute(request);
    }

    private static Page execute(HttpRequest prepared) throws IOException {
        HttpRequest request = prepared.setReadTimeout(TIMEOUT_MILLISECONDS)
                .setNumberOfRetries(0)
                .setFollowRedirects(false)
                .setLoggingEnabled(false)
                .setThrowExceptionOnExecuteError(false);
        HttpResponse response = request.execute();
        try {
            return new Page(response.getStatusCode(), response.getHeaders(), response.parseAsString());
        } finally {
            response.disconnect();
        }
    }

    /** A text where it is one JSON object; else a missing node. */
    static JsonNode json(String text) {
        try {
            JsonNode node = MAPPER.readTree(text);
            return node.isObject() ? node : MAPPER.missingNode();
        } catch (JsonProcessingException e) {
            return MAPPER.missingNode();
        }
    }

    private static Optional<Instant> date(@Nullable String header) {
        try {
            return Optional.ofNullable(header)
                    .map(text -> ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
