package dev.tokenservice.google;

/** There are no credentials to start with. The message is one line: what is wrong, and the remedy. */
public final class GoogleCredentialsException extends RuntimeException {

    private final String problem;
    private final String remedy;

    GoogleCredentialsException(String problem, String remedy) {
        super(problem + ": " + remedy);
        this.problem = problem;
        this.remedy = remedy;
    }

    /** What is wrong. */
    public String problem() {
        return problem;
    }

    /** What the operator can do about it. */
    public String remedy() {
        return remedy;
    }
}
