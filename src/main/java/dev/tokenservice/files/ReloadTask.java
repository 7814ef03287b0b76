package dev.tokenservice.files;

import io.dropwizard.servlets.tasks.Task;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;

/**
 * {@code POST /tasks/reload}: reads all watched files again immediately, and answers one line for each with what came of
 * it. The
 * status is 500 where one is refused, so that a script notices.
 */
public final class ReloadTask extends Task {

    private final WatchedFiles files;

    public ReloadTask(WatchedFiles files) {
        super("reload");
        this.files = files;
    }

    @Override
    public void execute(Map<String, List<String>> parameters, PrintWriter output) {
        List<Reload> reloads = files.reload();
        if (reloads.isEmpty()) {
            output.println("the service watches no files");
        }
        reloads.forEach(output::println);
        long refused = reloads.stream().filter(Reload::isRefused).count();
        if (refused > 0) {
            throw new UnusableFilesException(refused + " refused: the previous version stays in force");
        }
    }

    /** Says what the answer ends with; its trace would tell nothing. */
    private static final class UnusableFilesException extends RuntimeException {

        UnusableFilesException(String message) {
            super(message, null, false, false);
        }
    }
}
