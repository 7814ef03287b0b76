package dev.tokenservice.files;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file cannot be used. The message names it and says what to do, and never repeats what is in it. */
public final class UnusableFileException extends RuntimeException {

    /** Takes what is wrong with a file, to be read after its name. */
    public UnusableFileException(Path file, String problem) {
        this(file, problem, null);
    }

    /** Takes the reason besides, for the log only. */
    public UnusableFileException(Path file, String problem, @Nullable Throwable cause) {
        super(file + " " + problem, cause);
    }

    private UnusableFileException(String message, UnusableFileException cause) {
        super(message, cause);
    }

    /** The same, with what the file is for before it, settings included. */
    UnusableFileException of(String purpose) {
        return new UnusableFileException(purpose + ": " + getMessage(), this);
    }
}
