package dev.tokenservice.signing;

import dev.tokenservice.configuration.Suggestion;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/** Records in the metadata of a key that a relying party holds it. Writes one file, completely or not at all. */
final class KeyConfirmation {

    private final KeyStock stock;
    private final KeySettings settings;
    private final Consumer<String> output;

    KeyConfirmation(KeyStock stock, KeySettings settings, Consumer<String> output) {
        this.stock = stock;
        this.settings = settings;
        this.output = output;
    }

    void confirm(RingKey key, String relyingParty) throws IOException {
        checkName(relyingParty);
        if (stock.ring().revoked().contains(key.id())) {
            throw new KeysException(key.id() + " is revoked, and no relying party should hold it: 'keys list "
                    + stock.folder() + "' shows which key signs");
        }
        if (key.confirmed().containsKey(relyingParty)) {
            output.accept(relyingParty + " holds " + key.id() + ", as was confirmed at "
                    + key.confirmed().get(relyingParty));
            return;
        }
        checkState(key);
        KeyMetadata metadata = key.metadata()
                .orElseThrow(() -> new KeysException(key.id() + " has no metadata: run 'keys rotate " + stock.folder()
                        + "' first, which writes it"));
        if (metadata.confirmed().size() >= KeyMetadata.MOST_CONFIRMED) {
            throw new KeysException(key.id() + " is confirmed for " + KeyMetadata.MOST_CONFIRMED
                    + " relying parties already: remove names that nobody needs from its metadata");
        }
        stock.describe(key, metadata.confirming(relyingParty, stock.now()));
        output.accept(relyingParty + " holds " + key.id());
        tellRest(key, relyingParty);
    }

    private void checkName(String name) {
        if (!KeyMetadata.isName(name)) {
            throw new KeysException("a relying party is named with 1 to 63 letters, digits, - and _");
        }
        Optional<PolicyParties> policy = settings.policy();
        if (policy.isPresent() && !policy.get().names().contains(name)) {
            throw new KeysException("there is no relying party " + name + " in the policy; there are "
                    + String.join(", ", policy.get().names())
                    + Suggestion.among(policy.get().names(), name));
        }
    }

    private void checkState(RingKey key) {
        if (stock.view().in(KeyState.RETIRED).anyMatch(other -> other.id().equals(key.id()))) {
            throw new KeysException(key.id() + " has retired, and is not published: 'keys list " + stock.folder()
                    + "' shows which key is next");
        }
    }

    private void tellRest(RingKey key, String relyingParty) {
        UploadedParties uploaded = settings.uploaded(stock.ring());
        if (!uploaded.of(key.algorithm()).contains(relyingParty)) {
            output.accept("Nothing waits for this: the policy has no keys: uploaded at " + relyingParty + ", or its "
                    + "tokens are signed with another algorithm than " + key.algorithm());
        }
    }
}
