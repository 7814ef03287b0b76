package dev.tokenservice.server;

import dev.tokenservice.oauth.Form;
import dev.tokenservice.oauth.Refusal;
import java.util.Optional;

/**
 * The body of a token request, as far as it may go. What goes wrong while it is read is kept until it is its turn, as
 * method and content type are judged first, and the shape of their errors depends on the body.
 *
 * @param content what was read: the whole body, or the beginning of one that is too long or broke off
 * @param problem why it is not complete; empty if it is
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared, never kept.
record RequestBody(byte[] content, Optional<Refusal> problem) {

    Form form() {
        Form form = Form.read(content);
        return problem.map(form::incomplete).orElse(form);
    }
}
