package dev.tokenservice.outbound;

import java.util.Optional;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpHeaders;

/**
 * What a server is sent back so that it need not answer with the same document again.
 *
 * @param etag as in {@code ETag}
 * @param lastModified as in {@code Last-Modified}
 */
public record Validators(Optional<String> etag, Optional<String> lastModified) {

    public static final Validators NONE = new Validators(Optional.empty(), Optional.empty());

    static Validators of(ClassicHttpResponse response) {
        return new Validators(header(response, HttpHeaders.ETAG), header(response, HttpHeaders.LAST_MODIFIED));
    }

    void addTo(HttpGet request) {
        etag.ifPresent(value -> request.setHeader(HttpHeaders.IF_NONE_MATCH, value));
        lastModified.ifPresent(date -> request.setHeader(HttpHeaders.IF_MODIFIED_SINCE, date));
    }

    /** Only what is there once and printable is sent back. */
    static Optional<String> header(ClassicHttpResponse response, String name) {
        return response.countHeaders(name) == 1
                ? Optional.ofNullable(response.getFirstHeader(name).getValue())
                        .filter(value -> !value.isEmpty() && value.chars().allMatch(c -> c >= ' ' && c <= '~'))
                : Optional.empty();
    }
}
