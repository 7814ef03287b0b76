package dev.tokenservice.server;

import dev.tokenservice.configuration.ExplainedException;

/** A port cannot listen on the address that is set for it. */
public final class UnusableAddressException extends ExplainedException {

    UnusableAddressException(String problem, String remedy) {
        super(problem, remedy);
    }
}
