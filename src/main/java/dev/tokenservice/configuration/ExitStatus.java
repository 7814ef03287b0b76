package dev.tokenservice.configuration;

/** The end of a command that did what it was asked to, and whose answer is a status other than 0. */
public final class ExitStatus extends RuntimeException {

    private final int status;

    public ExitStatus(int status) {
        super("exit status " + status, null, false, false);
        this.status = status;
    }

    public int status() {
        return status;
    }
}
