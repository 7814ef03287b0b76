package dev.tokenservice.signing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpResponse;
import dev.tokenservice.outbound.GoogleTransport;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** The public copy of the keys, at a URL that the operator updates. Fetched once, at the first question. */
final class PublicCopy {

    private static final int TIMEOUT_MILLISECONDS = 5000;
    private static final int OK = 200;

    private final Optional<String> url;
    private Optional<Set<String>> fetched = Optional.empty();

    private PublicCopy(Optional<String> url) {
        this.url = url;
    }

    /** Returns the copy at a URL. Without a URL, it has every key. */
    static PublicCopy at(Optional<String> url) {
        return new PublicCopy(url);
    }

    /**
     * Returns whether the copy has a key.
     *
     * @throws KeysException if it cannot be read
     */
    boolean shows(String id) {
        if (url.isEmpty()) {
            return true;
        }
        if (fetched.isEmpty()) {
            fetched = Optional.of(fetch(url.get()));
        }
        return fetched.get().contains(id);
    }

    private Set<String> fetch(String from) {
        try (GoogleTransport transport = GoogleTransport.ofJvm(reason -> {})) {
            HttpResponse answer = transport
                    .http()
                    .createRequestFactory()
                    .buildGetRequest(new GenericUrl(from))
                    .setReadTimeout(TIMEOUT_MILLISECONDS)
                    .setNumberOfRetries(0)
                    .setFollowRedirects(false)
                    .setThrowExceptionOnExecuteError(false)
                    .execute();
            if (answer.getStatusCode() != OK) {
                throw KeysException.notJudged(from + " answers " + answer.getStatusCode() + ": no key was activated");
            }
            ObjectNode set = StrictJson.object(answer.parseAsString())
                    .filter(object -> object.path("keys").isArray())
                    .orElseThrow(() -> KeysException.notJudged(from + " is not a JSON Web Key Set (RFC 7517)"));
            Set<String> ids = new HashSet<>();
            set.path("keys").forEach(key -> ids.add(key.path("kid").asText()));
            return ids;
        } catch (IOException | IllegalArgumentException e) {
            throw KeysException.notJudged(from + " cannot be read: " + e.getMessage() + "; no key was activated");
        }
    }
}
