package dev.tokenservice.files;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A file cannot be used. The message names it and says what to do, and never repeats what is in it. */
public final class UnusableFileException extends RuntimeException {

    private final transient Path file;
    private final String problem;

    /** Takes what is wrong with a file, to be read after its name. */
    public UnusableFileException(Path file, String problem) {
        this(file, problem, null);
    }

    /** Also takes the cause, for the log only. */
    public UnusableFileException(Path file, String problem, @Nullable Throwable cause) {
        this(file + " " + problem, file, problem, cause);
    }

    /** Takes everything that is wrong with a file and those it names, each with its place: one a line. */
    public UnusableFileException(Path file, List<String> problems) {
        this(
                problems.size() == 1 ? problems.get(0) : "\n" + String.join("\n", problems),
                file,
                "is refused:\n    " + String.join("\n    ", problems),
                null);
    }

    private UnusableFileException(String message, Path file, String problem, @Nullable Throwable cause) {
        super(message, cause);
        this.file = file;
        this.problem = problem;
    }

    /** The same, with what the file is for before it, settings included. */
    UnusableFileException of(String purpose) {
        return new UnusableFileException(purpose + ": " + getMessage(), file, problem, this);
    }

    public Path file() {
        return file;
    }

    /** What is wrong with it, to be read after its name. */
    public String problem() {
        return problem;
    }
}
