package dev.tokenservice.google;

import dev.tokenservice.configuration.ExplainedException;

/** No usable Google credentials. */
public final class GoogleCredentialsException extends ExplainedException {

    GoogleCredentialsException(String problem, String remedy) {
        super(problem, remedy);
    }
}
