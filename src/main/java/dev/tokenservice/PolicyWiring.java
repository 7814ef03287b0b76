package dev.tokenservice;

import dev.tokenservice.files.Watched;
import dev.tokenservice.health.Readiness;
import dev.tokenservice.health.VersionHealth;
import dev.tokenservice.policy.Policy;
import dev.tokenservice.telemetry.ServiceMetrics;
import io.dropwizard.core.setup.Environment;
import java.time.Clock;
import java.util.function.LongSupplier;

/** Shows operators which policy is in force, and has fetched what it names. */
final class PolicyWiring {

    private final Watched<Policy> policy;
    private final Clock clock;

    PolicyWiring(Watched<Policy> policy, Clock clock) {
        this.policy = policy;
        this.clock = clock;
    }

    void wire(Readiness readiness, ServiceMetrics metrics, Environment environment, LongSupplier nanoTime) {
        readiness.add("policy", new VersionHealth(this::version, policy::problem));
        metrics.state()
                .policy(
                        () -> policy.get().generation(),
                        () -> policy.get().age(clock),
                        policy::refusals,
                        () -> !policy.problem().isEmpty());
        metrics.rules().expose(policy.get().ruleNames());
        RevocationWiring lists = new RevocationWiring(policy, clock);
        lists.wire(environment, metrics, nanoTime);
        readiness.add("revocation-lists", lists.health());
    }

    private String version() {
        return "generation " + policy.get().generation() + ", read "
                + policy.get().age(clock).toSeconds() + " seconds ago";
    }
}
