package dev.tokenservice.health;

import com.codahale.metrics.health.HealthCheck.Result;
import java.util.List;
import java.util.function.Supplier;

/** Whether what is in force is what the watched files say. Not critical: the previous version serves, but not permanently. */
public final class FilesHealth implements HealthSource {

    private final Supplier<List<String>> problems;

    /** Takes what is wrong with the files at the time of each check. */
    public FilesHealth(Supplier<List<String>> problems) {
        this.problems = problems;
    }

    @Override
    public Result look() {
        List<String> found = problems.get();
        return found.isEmpty()
                ? Result.healthy()
                : Result.unhealthy(
                        "%s", "refused, and the previous version stays in force: " + String.join("; ", found));
    }
}
