package dev.tokenservice;

import dev.tokenservice.signing.KeyState;
import dev.tokenservice.signing.RingView;
import dev.tokenservice.signing.TokenSigner;
import dev.tokenservice.telemetry.KeyCounts;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the metrics show of the local keys. */
final class SigningKeyMetrics {

    private SigningKeyMetrics() {}

    static List<KeyCounts> of(TokenSigner signer, Instant now) {
        return signer.ring().stream()
                .flatMap(ring -> ring.algorithms().stream().map(algorithm -> of(ring, algorithm, now)))
                .toList();
    }

    private static KeyCounts of(RingView ring, String algorithm, Instant now) {
        Map<String, Long> byState = new LinkedHashMap<>();
        for (KeyState state : KeyState.values()) {
            byState.put(state.label(), ring.count(algorithm, state));
        }
        return new KeyCounts(
                algorithm,
                byState,
                ring.next(algorithm).map(change -> Duration.between(now, change.at())),
                ring.created(algorithm),
                ring.unconfirmedSince(algorithm).map(since -> Duration.between(since, now)));
    }
}
