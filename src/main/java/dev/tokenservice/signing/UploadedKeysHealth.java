package dev.tokenservice.signing;

import com.codahale.metrics.health.HealthCheck.Result;
import java.util.List;

/** Whether every relying party that keys are uploaded to is known to hold the keys that sign, and those that are to sign next. */
public final class UploadedKeysHealth {

    private final TokenSigner signer;

    public UploadedKeysHealth(TokenSigner signer) {
        this.signer = signer;
    }

    /** Fails where tokens may be refused already, or a rotation is held; tells of a key that is to sign later. */
    public Result look() {
        List<KeyStatus> unconfirmed = signer.ring().stream()
                .flatMap(ring -> ring.keys().stream())
                .filter(status -> !status.unconfirmed().isEmpty())
                .toList();
        List<String> problems = signer.ring().map(UnconfirmedKeys::problems).orElse(List.of());
        if (!problems.isEmpty()) {
            return Result.unhealthy(
                    "%s: upload the keys there ('keys jwks'), and run 'keys confirm'", String.join("; ", problems));
        }
        return unconfirmed.stream()
                .findFirst()
                .map(status -> Result.healthy(
                        "the key %s signs later, once it is confirmed for %s",
                        status.key().id(), String.join(", ", status.unconfirmed())))
                .orElseGet(() -> Result.healthy("every key is confirmed for every relying party with keys: uploaded"));
    }
}
