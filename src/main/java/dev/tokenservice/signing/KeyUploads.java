package dev.tokenservice.signing;

import java.util.List;
import java.util.function.Consumer;

/** Tells an operator which keys to upload to which relying parties, and which command to run next. */
final class KeyUploads {

    private final KeyStock stock;
    private final KeySettings settings;
    private final Consumer<String> output;

    KeyUploads(KeyStock stock, KeySettings settings, Consumer<String> output) {
        this.stock = stock;
        this.settings = settings;
        this.output = output;
    }

    /** Returns the relying parties with uploaded keys that are not confirmed to hold a key. */
    List<String> missing(RingKey key) {
        return settings.uploaded(stock.ring()).missing(key);
    }

    /** Prints where to upload a key that signs or will sign. */
    void tell(RingKey key) {
        missing(key)
                .forEach(name -> output.accept("The relying party " + name + " needs the key: " + steps(key, name)));
    }

    /** Prints that a key waits for confirmations, and for which. */
    void tellHeld(RingKey key) {
        missing(key)
                .forEach(name -> output.accept(key.id() + " waits for the relying party " + name + ": "
                        + steps(key, name) + " and 'keys rotate'"));
        tellSource();
    }

    private void tellSource() {
        if (settings.policy().isEmpty()) {
            output.accept(
                    "This command has no policy, so it waits for every relying party with an earlier confirmation: "
                            + "set POLICY.");
        }
    }

    /** Prints that relying parties with uploaded keys still accept a revoked key. */
    void tellRevoked(RingKey key) {
        for (String name : settings.uploaded(stock.ring()).of(key.algorithm())) {
            output.accept("The relying party " + name + " accepts tokens of " + key.id()
                    + " until you replace its uploaded keys: upload the output of 'keys jwks " + stock.folder()
                    + "' there now.");
        }
    }

    private String steps(RingKey key, String name) {
        return "upload the output of 'keys jwks " + stock.folder() + "' there, and run 'keys confirm " + stock.folder()
                + " " + key.id() + " --relying-party " + name + "'";
    }
}
