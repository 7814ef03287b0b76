package dev.tokenservice.doctor;

/** How a check went, the better ones first. */
public enum Result {
    OK,
    /** Not run: it makes no sense here, or depends on one that failed. Says nothing either way. */
    SKIPPED,
    /** Works, and will not always, or not for everybody. */
    WARN,
    /** Does not work. */
    FAIL
}
