package dev.tokenservice.health;

import com.codahale.metrics.health.HealthCheck.Result;
import java.util.function.Supplier;

/** Which version of a watched file is in force, and whether a newer one is refused. Not critical: the previous version serves. */
public final class VersionHealth implements HealthSource {

    private final Supplier<String> inForce;
    private final Supplier<String> problem;

    /**
     * Takes what is so at the time of each check.
     *
     * @param inForce names the version
     * @param problem why a newer one is refused; empty where none is
     */
    public VersionHealth(Supplier<String> inForce, Supplier<String> problem) {
        this.inForce = inForce;
        this.problem = problem;
    }

    @Override
    public Result look() {
        String refused = problem.get();
        return refused.isEmpty()
                ? Result.healthy("%s", inForce.get())
                : Result.unhealthy("%s", inForce.get() + ", stays in force; the newest version is refused: " + refused);
    }
}
