package dev.tokenservice.files;

import java.time.Instant;
import java.util.Map;

/** A value made from files that expire. */
public interface Expiring {

    /** Returns the earliest expiry of each kind. */
    Map<String, Instant> expiries();
}
