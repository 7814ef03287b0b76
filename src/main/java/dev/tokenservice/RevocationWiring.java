package dev.tokenservice;

import dev.tokenservice.files.Watched;
import dev.tokenservice.health.HealthSource;
import dev.tokenservice.health.StatusHealth;
import dev.tokenservice.outbound.Download;
import dev.tokenservice.policy.Policy;
import dev.tokenservice.telemetry.RevocationMetrics;
import dev.tokenservice.telemetry.RevocationMetrics.Lists;
import dev.tokenservice.telemetry.ServiceMetrics;
import dev.tokenservice.x509.FetchOutcome;
import dev.tokenservice.x509.FetchReports;
import dev.tokenservice.x509.FetchedLists;
import dev.tokenservice.x509.RevocationFetching;
import dev.tokenservice.x509.SourceState;
import dev.tokenservice.x509.SourceStatus;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.lifecycle.AutoCloseableManager;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Has the revocation lists fetched that the policy in force names, and shows operators what comes of it. */
final class RevocationWiring {

    /** How long clients of an authority are spared a 503 for: a list that comes later is waited for no longer. */
    private static final Duration PATIENCE_AT_START = Duration.ofSeconds(2);

    private static final Duration PATIENCE_AT_RELOAD = Duration.ofMillis(500);

    private final Watched<Policy> policy;
    private final Clock clock;

    RevocationWiring(Watched<Policy> policy, Clock clock) {
        this.policy = policy;
        this.clock = clock;
    }

    /** Fetches from now on. Returns what is to be told of each new policy, before it is in force. */
    Consumer<Policy> wire(Environment environment, ServiceMetrics metrics, LongSupplier nanoTime) {
        RevocationMetrics counts =
                metrics.state().revocationLists(this::lists, () -> policy.get().content());
        RevocationFetching fetching = new RevocationFetching(
                Download.ofJvm(),
                clock,
                nanoTime,
                () -> ThreadLocalRandom.current().nextDouble(),
                new FetchReports(clock, nanoTime, (authority, outcome) -> counts.fetched(authority, outcome.label())));
        environment.lifecycle().manage(new AutoCloseableManager(fetching));
        follow(policy.get(), fetching, counts, PATIENCE_AT_START);
        fetching.start(environment
                .lifecycle()
                .scheduledExecutorService("revocation-lists")
                .build());
        return next -> follow(next, fetching, counts, PATIENCE_AT_RELOAD);
    }

    private static void follow(Policy next, RevocationFetching fetching, RevocationMetrics counts, Duration patience) {
        for (FetchedLists authority : next.fetched()) {
            Stream.of(FetchOutcome.values())
                    .map(FetchOutcome::label)
                    .forEach(outcome -> counts.expect(authority.authority(), outcome));
        }
        fetching.follow(next.fetched(), patience);
    }

    HealthSource health() {
        return new StatusHealth(this::problems, this::notice);
    }

    private List<String> problems() {
        Instant now = clock.instant();
        return policy.get().fetched().stream()
                .flatMap(of -> Stream.concat(full(of), unsound(of, now))
                        .map(what -> "authority " + of.authority() + ": " + what))
                .toList();
    }

    private static Stream<String> full(FetchedLists of) {
        return of.isFull()
                ? Stream.of("certificates name more lists than are fetched: name those that matter in fetch")
                : Stream.of();
    }

    private static Stream<String> unsound(FetchedLists of, Instant now) {
        return of.statuses(now).stream().filter(SourceStatus::isUnsound).map(SourceStatus::toString);
    }

    private String notice() {
        Instant now = clock.instant();
        return policy.get()
                .content()
                .map(content -> policy.get().fetched().stream()
                        .map(of -> "authority " + of.authority() + ": lists in force: "
                                + of.statuses(now).size())
                        .collect(Collectors.joining("; ", "", "; content " + content)))
                .orElse("no revocation lists are to be fetched");
    }

    private List<Lists> lists() {
        Instant now = clock.instant();
        return policy.get().fetched().stream().map(of -> lists(of, now)).toList();
    }

    private static Lists lists(FetchedLists of, Instant now) {
        List<SourceStatus> statuses = of.statuses(now);
        Map<SourceState, Long> found =
                statuses.stream().collect(Collectors.groupingBy(SourceStatus::state, Collectors.counting()));
        Optional<Duration> age = statuses.stream()
                .flatMap(status -> status.list().stream())
                .map(list -> Duration.between(list.confirmed(), now))
                .max(Duration::compareTo);
        return new Lists(
                of.authority(),
                age,
                of.maxStaleness(),
                Stream.of(SourceState.values())
                        .collect(Collectors.toMap(SourceState::label, state -> found.getOrDefault(state, 0L))));
    }
}
