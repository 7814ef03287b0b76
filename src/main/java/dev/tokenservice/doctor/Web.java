package dev.tokenservice.doctor;

import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpRequestFactory;
import com.google.api.client.http.HttpResponse;
import dev.tokenservice.outbound.GoogleTransport;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks at public documents, over the bounded transport of all calls. */
final class Web {

    private static final int TIMEOUT_MILLISECONDS = 5000;
    private static final int OK = 200;

    private final HttpRequestFactory requests;

    /**
     * An answer.
     *
     * @param status the HTTP status
     * @param date the header {@code Date}
     * @param body the content as text
     */
    record Page(int status, Optional<Instant> date, String body) {

        boolean isOk() {
            return status == OK;
        }
    }

    Web(GoogleTransport transport) {
        this.requests = transport.http().createRequestFactory();
    }

    /** Gets a page, whatever its status; follows no redirect. */
    Page get(String url) throws IOException {
        HttpRequest request = requests.buildGetRequest(new GenericUrl(url))
                .setReadTimeout(TIMEOUT_MILLISECONDS)
                .setNumberOfRetries(0)
                .setFollowRedirects(false)
                .setLoggingEnabled(false)
                .setThrowExceptionOnExecuteError(false);
        HttpResponse response = request.execute();
        try {
            return new Page(response.getStatusCode(), date(response.getHeaders().getDate()), response.parseAsString());
        } finally {
            response.disconnect();
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
