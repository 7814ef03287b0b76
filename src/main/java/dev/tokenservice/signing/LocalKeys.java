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

/** The keys that sign now, each as the object that signs fastest. Thread-safe. */
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

    /** A view, and what it is of. */
    private record Judged(KeyRing ring, UploadedParties uploaded, RingView view) {}

    /**
     * Takes a ring that may change.
     *
     * @param ring the newest version of the ring
     * @param uploaded the relying parties that have to hold a key before it signs; the same object while they are the same
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

    /** The ring at this moment. Computed again when it may be another one only: every token asks. */
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
     * The key that signs, in the object that it signs with: its provider's, where it has one; else the JDK's, until native
     * cryptography has been loaded.
     */
    Optional<SigningKey> active(String algorithm) {
        Optional<SigningKey> key = view().active(algorithm).map(RingKey::key);
        Optional<Provider> loaded = provider.getNow(Optional.empty());
        return loaded.isEmpty()
                ? key
                : key.map(found -> found.provider().isPresent() ? found : translated(found, loaded.get()));
    }

    /** Translated once: each time takes as long as some signatures. */
    private SigningKey translated(SigningKey key, Provider other) {
        return translated.computeIfAbsent(key.id(), id -> key.in(other));
    }
}
