package dev.tokenservice.signing;

import java.time.Duration;
import java.util.List;

/** What commands on keys need of the configuration. */
public final class KeySettings {

    private final SigningFactory signing;
    private final Duration tokenValidity;
    private final List<String> audiences;

    /**
     * Takes settings.
     *
     * @param tokenValidity how long a token is valid at most
     * @param audiences whom tokens are for
     */
    public KeySettings(SigningFactory signing, Duration tokenValidity, List<String> audiences) {
        this.signing = signing;
        this.tokenValidity = tokenValidity;
        this.audiences = List.copyOf(audiences);
    }

    boolean usesToken() {
        return signing.usesToken();
    }

    KeyFiles files() {
        return signing.keyFiles();
    }

    KeyPassword password() {
        return signing.password();
    }

    KeyPeriods periods() {
        return signing.periods(tokenValidity);
    }

    String algorithm() {
        return signing.algorithm();
    }

    List<String> audiences() {
        return audiences;
    }
}
