package dev.tokenservice.api;

import dev.tokenservice.oauth.OAuthException;
import java.util.Optional;

/**
 * The body of a token request, as far as it may go. What goes wrong while it is read is kept until it is its turn, as
 * method and content type are judged first, and the shape of their errors depends on the body.
 *
 * @param content what was read: the whole body, or the beginning of one that is too long or broke off
 * @param problem why it is not complete; empty where it is
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared, never kept.
public record RequestBody(byte[] content, Optional<OAuthException> problem) {

    /** The name of the request attribute that holds it; absent where there is no form to read. */
    public static final String ATTRIBUTE = RequestBody.class.getName();

    /** For requests without a form. */
    static final RequestBody NONE = new RequestBody(new byte[0], Optional.empty());

    /**
     * The whole body.
     *
     * @throws OAuthException 413 when it is larger than 64 KiB, 400 when it did not arrive properly, 503 when too many
     *     others arrive slowly
     */
    byte[] complete() {
        problem.ifPresent(reason -> {
            throw reason;
        });
        return content;
    }
}
