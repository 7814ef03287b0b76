package dev.tokenservice.signing;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the ring for a running service, and logs problems of each version. */
final class WatchedRing {

    static final String NAME = "SIGNING_KEYS";

    /** Some relying parties read only the first 8 keys. */
    static final int MOST_PUBLISHED = 8;

    private static final Logger LOG = LoggerFactory.getLogger(WatchedRing.class);

    private final KeyFolder folder;
    private final String algorithm;
    private final KeyPeriods periods;
    private final Clock clock;
    private List<Path> told = List.of();
    private boolean started;

    WatchedRing(KeyFolder folder, String algorithm, KeyPeriods periods, Clock clock) {
        this.folder = folder;
        this.algorithm = algorithm;
        this.periods = periods;
        this.clock = clock;
    }

    /**
     * Reads the folder. At the first reading, every file must be usable. Otherwise a new replica could sign with another key
     * than the others.
     */
    KeyRing read() {
        KeyRing ring = folder.read();
        if (!started) {
            checkStart(ring);
        }
        started = true;
        tell(ring);
        return ring;
    }

    private void checkStart(KeyRing ring) {
        if (!ring.refused().isEmpty()) {
            throw ring.refused().get(0);
        }
        if (ring.keys(algorithm).findAny().isEmpty()) {
            throw folder.refused("holds no key for " + algorithm + ": add one with 'java -jar token-service.jar keys "
                    + "generate --algorithm " + algorithm + "', or change SIGNING_ALGORITHM");
        }
    }

    private void tell(KeyRing ring) {
        ring.strays().stream()
                .filter(stray -> !told.contains(stray))
                .forEach(stray -> LOG.warn("{}: {} is the metadata of a missing key, and is ignored", NAME, stray));
        told = ring.strays();
        RingView view = ring.at(clock.instant(), periods);
        int published = view.published().size();
        if (published > MOST_PUBLISHED) {
            LOG.warn(
                    "{}: {} keys are published, and relying parties may read only the first {}: remove keys that nobody needs",
                    NAME,
                    published,
                    MOST_PUBLISHED);
        }
        if (view.active(algorithm).isEmpty()) {
            LOG.error("{}: no {} key may sign now, so the service issues no tokens: see 'keys list'", NAME, algorithm);
        }
    }
}
