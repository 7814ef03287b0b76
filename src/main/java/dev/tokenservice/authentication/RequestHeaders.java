package dev.tokenservice.authentication;

import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.OAuthException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The headers of a request, read so that nobody can smuggle in a second value: a header that is repeated, or that has a
 * twin differing in {@code _} and {@code -} only, is a forgery attempt. A proxy overwrites the name that it was told to and
 * lets the twin pass; some frameworks then take one for the other.
 */
public final class RequestHeaders {

    private final Map<String, Values> byFoldedName = new HashMap<>();

    private record Values(String name, List<String> values) {}

    /** Takes the headers, each with all its values, one a line of the request. */
    public RequestHeaders(Map<String, List<String>> headers) {
        headers.forEach((name, values) -> byFoldedName.merge(
                fold(name), new Values(name.toLowerCase(Locale.ROOT), List.copyOf(values)), RequestHeaders::repeated));
    }

    /**
     * The value of a header; an empty one counts as absent.
     *
     * @param name in any case
     * @throws OAuthException {@code invalid_client} when the header or its twin is there more than once
     */
    public Optional<String> single(String name) {
        Values found = byFoldedName.get(fold(name));
        if (found == null) {
            return Optional.empty();
        }
        if (found.values().size() != 1 || !found.name().equals(name.toLowerCase(Locale.ROOT))) {
            throw OAuthException.of(
                            OAuthError.INVALID_CLIENT,
                            "the request carries certificate headers that do not come from the load balancer")
                    .withDetail(
                            "header " + name + " is repeated, or comes with a twin that has _ for -: somebody tries "
                                    + "to forge it, or the load balancer does not overwrite it");
        }
        return Optional.of(found.values().get(0)).filter(value -> !value.isEmpty());
    }

    /** Whether a header, or its twin, is there, with whatever value. */
    public boolean has(String name) {
        return byFoldedName.containsKey(fold(name));
    }

    /** Two names that fold to one: kept together, so that {@link #single} refuses whichever of them is asked for. */
    private static Values repeated(Values one, Values other) {
        return new Values(
                one.name(),
                Stream.concat(one.values().stream(), other.values().stream()).toList());
    }

    static String fold(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
