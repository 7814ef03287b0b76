package dev.tokenservice.files;

/**
 * The result of reading watched files again.
 *
 * @param name what the files are
 * @param outcome whether what was read is in force now
 * @param problem why it was refused; empty if it was not
 */
public record Reload(String name, Outcome outcome, String problem) {

    public enum Outcome {
        RELOADED,
        UNCHANGED,
        REFUSED
    }

    /** Returns whether the previous version stays in force. */
    public boolean isRefused() {
        return outcome == Outcome.REFUSED;
    }

    /** A line for operators. */
    @Override
    public String toString() {
        return switch (outcome) {
            case RELOADED -> "reloaded: " + name;
            case UNCHANGED -> "unchanged: " + name;
            case REFUSED -> "refused: " + name + ": " + problem;
        };
    }
}
