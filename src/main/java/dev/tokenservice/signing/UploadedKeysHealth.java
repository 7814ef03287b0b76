package dev.tokenservice.signing;

import com.codahale.metrics.health.HealthCheck.Result;
import java.util.List;

/** Health check: whether every relying party with uploaded keys is confirmed to hold the keys that sign or will sign next. */
public final class UploadedKeysHealth {

    private final TokenSigner signer;

    public UploadedKeysHealth(TokenSigner signer) {
        this.signer = signer;
    }

    /** Fails if relying parties may refuse tokens, or a rotation waits. Only mentions a key that will sign later. */
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
