package dev.tokenservice.telemetry;

import java.util.Locale;

/** Why an audit line is not in the file for them; the values of a metric's label. */
enum AuditDrop {
    /** Too many lines wait for the file. */
    QUEUE,
    /** The file could not be written. */
    WRITE;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
