package dev.tokenservice.signing;

import dev.tokenservice.cryptography.NativeCryptography;
import java.security.Provider;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Returns the keys that sign now, each as the object that signs fastest. Thread-safe. */
final class LocalKeys {

    private final Supplier<KeyRing> ring;
    private final Supplier<UploadedParties> uploaded;
    private final KeyPeriods periods;
    private final CompletableFuture<Optional<Provider>> provider;
    private final Clock clock;
    private final UnconfirmedKeys unconfirmed = new UnconfirmedKeys();
    private final Map<String, SigningKey> translated = new ConcurrentHashMap<>();
    private volatile Judged judged =
            new Judged(KeyRing.EMPTY, UploadedParties.NONE, new RingView(List.of(), Instant.MAX, Instant.MAX));

    /** A view, and the ring and relying parties from which it was computed. */
    private record Judged(KeyRing ring, UploadedParties uploaded, RingView view) {}

    /**
     * Creates the keys of a ring that may change.
     *
     * @param ring the newest version of the ring
     * @param uploaded the relying parties that must hold a key before it signs; must return the same object until they change
     */
    LocalKeys(
            Supplier<KeyRing> ring,
            Supplier<UploadedParties> uploaded,
            KeyPeriods periods,
            NativeCryptography cryptography,
            Clock clock) {
        this.ring = ring;
        this.uploaded = uploaded;
        this.periods = periods;
        this.provider = cryptography.loaded();
        this.clock = clock;
    }

    /** Returns the ring at this time. Computes it only after a possible change, because each token needs it. */
    @SuppressWarnings("ReferenceEquality")
    RingView view() {
        KeyRing newest = ring.get();
        UploadedParties parties = uploaded.get();
        Instant now = clock.instant();
        Judged last = judged;
        if (last.ring() != newest || last.uploaded() != parties || !last.view().isValidAt(now)) {
            last = new Judged(newest, parties, newest.at(now, periods, parties));
            judged = last;
            unconfirmed.tell(last.view());
            translated
                    .keySet()
                    .retainAll(newest.keys().stream().map(RingKey::id).collect(Collectors.toSet()));
        }
        return last.view();
    }

    /**
     * Returns the key that signs, as a key object of its provider. Without one, this is a key object of the JDK until native
     * cryptography is loaded.
     */
    Optional<SigningKey> active(String algorithm) {
        Optional<SigningKey> key = view().active(algorithm).map(RingKey::key);
        Optional<Provider> loaded = provider.getNow(Optional.empty());
        return loaded.isEmpty()
                ? key
                : key.map(found -> found.provider().isPresent() ? found : translated(found, loaded.get()));
    }

    /** Caches the translated key, because a translation takes as long as some signatures. */
    private SigningKey translated(SigningKey key, Provider other) {
        return translated.computeIfAbsent(key.id(), id -> key.in(other));
    }
}
