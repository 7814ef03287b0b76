package dev.tokenservice.files;

import java.time.Instant;
import java.util.Map;

/** What is made of files that end some day, and have to be replaced before. */
public interface Expiring {

    /** When what is in the files ends, by kind; of several of one kind the first that does. */
    Map<String, Instant> expiries();
}
