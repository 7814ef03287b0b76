package dev.tokenservice.google;

/** There are no credentials to start with. The message is one line that names what is wrong and the remedy. */
public final class GoogleCredentialsException extends RuntimeException {

    GoogleCredentialsException(String message) {
        super(message);
    }
}
