package dev.tokenservice.server;

import dev.tokenservice.configuration.ExplainedException;

/** A port cannot listen on the address that is set for it. */
public final class UnusableAddressException extends ExplainedException {

    private final String withoutSetting;

    UnusableAddressException(String setting, String problem, String remedy) {
        super(setting + ": " + problem, remedy);
        this.withoutSetting = problem + ": " + remedy;
    }

    /** The message, to be read after the setting. */
    String withoutSetting() {
        return withoutSetting;
    }
}
