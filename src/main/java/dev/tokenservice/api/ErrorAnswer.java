package dev.tokenservice.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.tokenservice.oauth.ErrorResponse;
import dev.tokenservice.oauth.ExternalCredential;
import dev.tokenservice.oauth.Refusal;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An error as the client gets it, from Jetty, the gate, Jersey or a resource.
 *
 * @param status the HTTP status
 * @param headers the headers that go with it, content type included
 * @param body JSON
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared: written once, and gone.
public record ErrorAnswer(int status, Map<String, String> headers, byte[] body) {

    private static final ObjectWriter WRITER = new ObjectMapper().writer();

    public static ErrorAnswer of(Refusal refusal, boolean externalCredential) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json");
        headers.put("Cache-Control", "no-store");
        headers.put("Pragma", "no-cache");
        refusal.retryAfter()
                .ifPresent(delay -> headers.put("Retry-After", Long.toString(Math.max(1, delay.toSeconds()))));
        String code = refusal.error().code();
        Object body = externalCredential
                ? new ExternalCredential.Failure(code, refusal.description())
                : new ErrorResponse(code, refusal.description());
        return new ErrorAnswer(refusal.status(), headers, json(body));
    }

    private static byte[] json(Object body) {
        try {
            return WRITER.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("two strings always make a JSON object", e);
        }
    }
}
