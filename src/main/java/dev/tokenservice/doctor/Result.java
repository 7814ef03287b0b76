package dev.tokenservice.doctor;

/** How a check went. */
public enum Result {
    OK(0),
    /** Not run: it makes no sense here, or depends on one that failed. Says nothing either way. */
    SKIPPED(0),
    /** Works, and will not always, or not for everybody. */
    WARN(1),
    /** Does not work. */
    FAIL(2);

    private final int exitStatus;

    Result(int exitStatus) {
        this.exitStatus = exitStatus;
    }

    /** The exit status of a command whose worst finding this is. */
    public int exitStatus() {
        return exitStatus;
    }
}
