package dev.tokenservice.outbound;

import java.io.IOException;

/** A redirect is not followed. The message is to be read after the URL, and repeats nothing of the answer. */
public final class RefusedRedirectException extends IOException {

    RefusedRedirectException(String message) {
        super(message);
    }
}
