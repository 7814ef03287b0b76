package dev.tokenservice.health;

import com.codahale.metrics.health.HealthCheck.Result;
import java.util.List;
import java.util.function.Supplier;

/** Whether a part has problems; where it has none, a notice. */
public final class StatusHealth implements HealthSource {

    private final Supplier<List<String>> problems;
    private final Supplier<String> notice;

    /** Takes both at the time of each check. */
    public StatusHealth(Supplier<List<String>> problems, Supplier<String> notice) {
        this.problems = problems;
        this.notice = notice;
    }

    @Override
    public Result look() {
        List<String> found = problems.get();
        return found.isEmpty() ? Result.healthy("%s", notice.get()) : Result.unhealthy("%s", String.join("; ", found));
    }
}
