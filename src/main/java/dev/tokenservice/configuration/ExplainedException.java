package dev.tokenservice.configuration;

/** The start-up failed for a known reason. The message is one line with the problem and the remedy. */
public abstract class ExplainedException extends RuntimeException {

    private final String problem;
    private final String remedy;

    protected ExplainedException(String problem, String remedy) {
        super(problem + ": " + remedy);
        this.problem = problem;
        this.remedy = remedy;
    }

    /** What is wrong, with the setting before it where one is at fault. */
    public String problem() {
        return problem;
    }

    public String remedy() {
        return remedy;
    }
}
