package dev.tokenservice.api;

import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.eclipse.jetty.util.Attributes;

/** The id that joins an answer, its audit line and its line in the access log. */
public final class RequestId {

    /** The header of the answer, and of a request that a proxy has given an id. */
    public static final String HEADER = "X-Request-Id";

    private static final String ATTRIBUTE = RequestId.class.getName();
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private RequestId() {}

    /** Returns the request's id, which the first call makes. */
    public static String of(Attributes request) {
        if (request.getAttribute(ATTRIBUTE) instanceof String id) {
            return id;
        }
        String id = random();
        request.setAttribute(ATTRIBUTE, id);
        return id;
    }

    /**
     * Returns 128 random bits, so that no two ids are equal. The id is not a secret, so it does not need the generator that
     * all threads share.
     */
    private static String random() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    /** Accepts an id that is safe to log and to send back, and ignores any other. */
    static Optional<String> parse(String text) {
        return Optional.of(text).filter(id -> FORM.matcher(id).matches());
    }
}
