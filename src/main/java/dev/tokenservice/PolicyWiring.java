package dev.tokenservice;

import dev.tokenservice.files.Watched;
import dev.tokenservice.health.Readiness;
import dev.tokenservice.health.StatusHealth;
import dev.tokenservice.policy.Policy;
import dev.tokenservice.telemetry.ServiceMetrics;
import io.dropwizard.core.setup.Environment;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows operators which policy is in force and what may be wrong with it, and has fetched what it names. */
final class PolicyWiring {

    private static final Logger LOG = LoggerFactory.getLogger(PolicyWiring.class);

    private final Watched<Policy> policy;
    private final Clock clock;

    PolicyWiring(Watched<Policy> policy, Clock clock) {
        this.policy = policy;
        this.clock = clock;
    }

    void wire(Readiness readiness, ServiceMetrics metrics, Environment environment, LongSupplier nanoTime) {
        readiness.add("policy", new StatusHealth(this::problems, this::version));
        metrics.state()
                .policy(
                        () -> policy.get().generation(),
                        () -> policy.get().age(clock),
                        policy::refusals,
                        () -> !policy.problem().isEmpty());
        metrics.rules().expose(policy.get().ruleNames());
        RevocationWiring lists = new RevocationWiring(policy, clock);
        Consumer<Policy> followers = lists.wire(environment, metrics, nanoTime);
        readiness.add("revocation-lists", lists.health());
        warn(policy.get());
        policy.onChange(followers.andThen(this::warn));
    }

    /** As {@code policy check} does, which not everybody runs before a roll-out. */
    private void warn(Policy next) {
        next.warnings().forEach(warning -> LOG.warn("{}: {}", policy.name(), warning));
    }

    /** Not critical: the version before serves. */
    private List<String> problems() {
        String refused = policy.problem();
        return refused.isEmpty()
                ? List.of()
                : List.of(version() + ", stays in force; the newest version is refused: " + refused);
    }

    private String version() {
        return "generation " + policy.get().generation() + ", read "
                + policy.get().age(clock).toSeconds() + " seconds ago";
    }
}
