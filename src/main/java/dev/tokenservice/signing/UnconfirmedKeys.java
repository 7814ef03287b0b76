package dev.tokenservice.signing;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs missing confirmations of keys, once for each change. Thread-safe. */
final class UnconfirmedKeys {

    private static final Logger LOG = LoggerFactory.getLogger(UnconfirmedKeys.class);

    private final AtomicReference<List<String>> told = new AtomicReference<>(List.of());

    /** Logs the problems of this view that the previous view did not have. */
    void tell(RingView view) {
        List<String> problems = problems(view);
        List<String> before = told.getAndSet(problems);
        problems.stream()
                .filter(problem -> !before.contains(problem))
                .forEach(problem -> LOG.warn(
                        "{}: {}: upload the output of 'keys jwks' there, and run 'keys confirm'",
                        WatchedRing.NAME,
                        problem));
    }

    /** Returns the keys that sign without a confirmation, and those that wait for one after their activation time. */
    static List<String> problems(RingView view) {
        return view.keys().stream()
                .filter(status -> !status.unconfirmed().isEmpty())
                .flatMap(status -> problem(status, view).stream())
                .toList();
    }

    private static Optional<String> problem(KeyStatus status, RingView view) {
        String key = "the key " + status.key().id();
        String parties = String.join(", ", status.unconfirmed());
        if (status.state() == KeyState.ACTIVE) {
            return Optional.of(key + " signs, and is not confirmed for " + parties);
        }
        return status.key()
                .activates()
                .filter(time -> !time.isAfter(view.from()))
                .map(time -> key + " waits since " + time + " until it is confirmed for " + parties);
    }
}
