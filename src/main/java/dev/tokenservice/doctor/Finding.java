package dev.tokenservice.doctor;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * What a check found. Evidence and remedy are single lines, and hold no token, key or secret.
 *
 * @param check the check's name
 * @param result how it went
 * @param evidence what was seen; for a skipped check the reason
 * @param remedy a command or a setting to copy; empty if there is nothing to do
 */
@JsonPropertyOrder({"check", "result", "evidence", "remedy"})
public record Finding(String check, Result result, String evidence, String remedy) {

    /** Text of others must not be able to forge a finding. */
    public Finding {
        evidence = line(evidence);
        remedy = line(remedy);
    }

    /** What was seen and what to do about it, for a log. */
    public String line() {
        return evidence + (remedy.isEmpty() ? "" : ": " + remedy);
    }

    private static String line(String text) {
        return text.replaceAll("\\s+", " ").replaceAll("\\p{Cntrl}", "?").strip();
    }
}
