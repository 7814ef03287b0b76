package dev.tokenservice.signing;

import java.util.List;
import java.util.function.Consumer;

/** Tells an operator which keys to upload at which relying parties, and how to go on. */
final class KeyUploads {

    private final KeyStock stock;
    private final KeySettings settings;
    private final Consumer<String> output;

    KeyUploads(KeyStock stock, KeySettings settings, Consumer<String> output) {
        this.stock = stock;
        this.settings = settings;
        this.output = output;
    }

    /** The relying parties with uploaded keys that were not confirmed to hold a key. */
    List<String> missing(RingKey key) {
        return settings.uploaded(stock.ring()).missing(key);
    }

    /** Says of a key which signs, or is to, where it has to be uploaded. */
    void tell(RingKey key) {
        missing(key)
                .forEach(name -> output.accept("The relying party " + name + " needs the key: " + steps(key, name)));
    }

    /** Says that a key would sign by now, and what keeps it from that. */
    void tellHeld(RingKey key) {
        missing(key)
                .forEach(name -> output.accept(key.id() + " waits for the relying party " + name + ": "
                        + steps(key, name) + " and 'keys rotate'"));
        tellSource();
    }

    private void tellSource() {
        if (settings.policy().isEmpty()) {
            output.accept("The policy is not known here, so all relying parties of earlier confirmations count: "
                    + "set POLICY for this command.");
        }
    }

    /** Says that relying parties do not know of a revocation. */
    void tellRevoked(RingKey key) {
        for (String name : settings.uploaded(stock.ring()).of(key.algorithm())) {
            output.accept("The relying party " + name + " accepts tokens of " + key.id()
                    + " until somebody removes the key there: upload the output of 'keys jwks " + stock.folder()
                    + "' in its place now.");
        }
    }

    private String steps(RingKey key, String name) {
        return "upload the output of 'keys jwks " + stock.folder() + "' there, and run 'keys confirm " + stock.folder()
                + " " + key.id() + " --relying-party " + name + "'";
    }
}
