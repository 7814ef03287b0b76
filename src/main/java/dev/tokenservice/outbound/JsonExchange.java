package dev.tokenservice.outbound;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpResponse;
import com.google.api.client.http.HttpResponseException;
import java.io.IOException;
import java.net.SocketTimeoutException;

/** Sends a request of Google's libraries the way all requests of this service are sent, and reads the answer. */
public final class JsonExchange {

    private JsonExchange() {}

    /**
     * Returns the JSON object that the request is answered with.
     *
     * @throws HttpResponseException for every status but 2xx, redirects included
     * @throws IOException when there is no answer in time, or none that is a JSON object
     */
    public static JsonNode send(HttpRequest request, Deadline deadline) throws IOException {
        int remaining = Math.toIntExact(deadline.remaining().toMillis());
        if (remaining == 0) {
            throw new SocketTimeoutException("no time is left");
        }
        request.setReadTimeout(remaining)
                .setNumberOfRetries(0)
                .setFollowRedirects(false)
                .setLoggingEnabled(false)
                .setThrowExceptionOnExecuteError(false)
                .getHeaders()
                .setAcceptEncoding(null);
        HttpResponse response = request.execute();
        try {
            if (!response.isSuccessStatusCode()) {
                throw new HttpResponseException(response);
            }
            return GoogleJson.read(response.getContent());
        } finally {
            response.disconnect();
        }
    }
}
