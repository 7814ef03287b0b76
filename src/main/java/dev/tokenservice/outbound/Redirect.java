package dev.tokenservice.outbound;

import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpStatus;

/** Where the answer of a server leads to instead. */
final class Redirect {

    private Redirect() {}

    /** Returns the header of a redirect, empty if it has none or several; no value if the answer is not a redirect. */
    static Optional<String> location(ClassicHttpResponse response) {
        return isRedirect(response.getCode())
                ? Optional.of(Validators.header(response, HttpHeaders.LOCATION).orElse(""))
                : Optional.empty();
    }

    private static boolean isRedirect(int status) {
        return switch (status) {
            case HttpStatus.SC_MOVED_PERMANENTLY,
                    HttpStatus.SC_MOVED_TEMPORARILY,
                    HttpStatus.SC_SEE_OTHER,
                    HttpStatus.SC_TEMPORARY_REDIRECT,
                    HttpStatus.SC_PERMANENT_REDIRECT -> true;
            default -> false;
        };
    }

    /**
     * Returns the URL that a redirect from another one leads to.
     *
     * @throws RefusedRedirectException where it must not be followed
     */
    static URI target(URI from, String location) throws IOException {
        Optional<URI> target = WebUrl.parse(resolved(from, location));
        if (target.isEmpty()) {
            throw new RefusedRedirectException("redirects to what is not an http or https URL");
        }
        if (from.getScheme().equals("https") && !target.get().getScheme().equals("https")) {
            throw new RefusedRedirectException("redirects from https to http");
        }
        return target.get();
    }

    private static String resolved(URI from, String location) throws IOException {
        try {
            return location.isEmpty() ? "" : from.resolve(location).toString();
        } catch (IllegalArgumentException e) {
            throw new RefusedRedirectException("redirects to what is not a URL");
        }
    }
}
