package dev.tokenservice.authentication;

import dev.tokenservice.identity.MalformedCertificateException;
import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.oauth.RefusedException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The headers of a request, read so that nobody can smuggle in a second value: a header that is repeated, or that has a
 * twin differing in {@code _} and {@code -} only, is a forgery attempt. A proxy overwrites the name that it was told to and
 * lets the twin pass; some frameworks then take one for the other.
 */
public final class RequestHeaders {

    private final Map<String, Header> byFoldedName = new HashMap<>();

    /** Repeated where another name folds to the same: {@link #single} refuses it whichever of them is asked for. */
    private record Header(String name, String value, boolean repeated) {}

    /** Takes the header lines of a request: names and values, in any order. */
    public RequestHeaders(Stream<Map.Entry<String, String>> lines) {
        lines.forEach(line -> byFoldedName.merge(
                fold(line.getKey()),
                new Header(line.getKey(), line.getValue(), false),
                (one, other) -> new Header(one.name(), one.value(), true)));
    }

    /**
     * Returns the value of a header; an empty one counts as absent.
     *
     * @param name in any case
     * @throws RefusedException {@code invalid_client} when the header or its twin is there more than once
     */
    public Optional<String> single(String name) {
        Header found = byFoldedName.get(fold(name));
        if (found == null) {
            return Optional.empty();
        }
        if (found.repeated() || !found.name().equalsIgnoreCase(name)) {
            throw Refusal.because(
                            ReasonCode.CONTRADICTORY_HEADERS,
                            "the request has certificate headers that do not come from the load balancer")
                    .detail("header " + name + " is repeated, or sent a second time with _ instead of -: a client "
                            + "tries to forge it, or the load balancer does not overwrite it")
                    .exception();
        }
        return Optional.of(found.value()).filter(value -> !value.isEmpty());
    }

    /**
     * Returns the parsed value of a header; an empty one counts as absent.
     *
     * @param name in any case
     * @param parser throws {@link MalformedCertificateException} for what it does not take
     * @throws RefusedException {@code invalid_client} when the header or its twin is there more than once, or is malformed
     */
    public <T> Optional<T> parsed(String name, Function<String, T> parser) {
        Optional<String> value = single(name);
        try {
            return value.map(parser);
        } catch (MalformedCertificateException e) {
            throw UnsoundEvidence.because("header " + name + ": " + e.getMessage())
                    .cause(e)
                    .exception();
        }
    }

    /** Returns whether a header, or its twin, is there, with whatever value. */
    public boolean has(String name) {
        return byFoldedName.containsKey(fold(name));
    }

    /** A name as it is compared: case does not matter, and {@code _} and {@code -} count as one character. */
    public static String fold(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
