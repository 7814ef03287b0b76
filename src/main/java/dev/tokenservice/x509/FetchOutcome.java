package dev.tokenservice.x509;

import java.util.Locale;

/** What became of an attempt to fetch a revocation list. */
public enum FetchOutcome {
    /** A list came, which is in force. */
    FETCHED(""),
    UNCHANGED(""),
    UNREACHABLE("check the URL, and that the service reaches its host"),
    /** Its status, size, coding or redirects are not accepted. */
    ANSWER("have the server answer with the list itself, of 8 MiB at most"),
    /** It is not a revocation list of this authority. */
    LIST("publish the list of a CA that is in the trustBundle, in DER or PEM"),
    /** It is older than the one in force. */
    ROLLBACK("publish the newest list"),
    CACHE("let the service read and write the folder of cache");

    private final String remedy;

    FetchOutcome(String remedy) {
        this.remedy = remedy;
    }

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    String remedy() {
        return remedy;
    }
}
