package dev.tokenservice.configuration;

import net.sourceforge.argparse4j.inf.ArgumentParserException;

/** The end of a command that did what it was asked to, and whose answer is a status other than 0. */
public final class ExitStatus extends RuntimeException {

    /** The check or the start-up failed, or the worst finding is a warning. */
    public static final int FAILED = 1;

    /** The worst finding is a failure. */
    public static final int WORST_FAILED = 2;

    /** Nothing failed, and something could not be judged. */
    public static final int NOT_JUDGED = 3;

    /** The command line is wrong: EX_USAGE of sysexits. */
    public static final int USAGE = 64;

    private final int status;

    public ExitStatus(int status) {
        this(status, "exit status " + status);
    }

    /** The same with a message for the caller of the command. */
    public ExitStatus(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    public int status() {
        return status;
    }

    /** Returns the exit status of a process that a command ends with a failure. */
    public static int of(Throwable failure) {
        if (failure instanceof ExitStatus ended) {
            return ended.status();
        }
        return failure instanceof ArgumentParserException ? USAGE : FAILED;
    }
}
