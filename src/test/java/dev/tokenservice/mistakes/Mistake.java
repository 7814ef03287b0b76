package dev.tokenservice.mistakes;

/**
 * A mistake in following the deployment guide, and how it is made.
 *
 * @param title its heading in {@code docs/troubleshooting.md}
 */
record Mistake(String title, Making making) {

    /** Makes the mistake, and looks at what comes of it. */
    interface Making {
        Symptoms make() throws Exception;
    }

    @Override
    public String toString() {
        return title;
    }
}
