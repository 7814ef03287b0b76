package dev.tokenservice.doctor;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How long a certificate of the service's own is valid.
 *
 * @param variable names its file
 */
record CertificateExpiry(CheckName check, String variable, Clock clock) {

    private static final Duration SOON = Duration.ofDays(30);

    /** Says so; the chain is empty if the variable is not set. */
    void judge(Optional<List<X509Certificate>> chain, Findings findings) {
        if (chain.isEmpty()) {
            findings.skip(variable + " is not set", check);
            return;
        }
        X509Certificate certificate = chain.get().get(0);
        Instant from = certificate.getNotBefore().toInstant();
        Instant end = certificate.getNotAfter().toInstant();
        Instant now = clock.instant();
        String evidence =
                variable + ": " + certificate.getSubjectX500Principal() + ", valid from " + from + " to " + end;
        String remedy =
                "put a new certificate into the file of " + variable + "; the service reads it without a restart";
        if (now.isAfter(end)) {
            findings.fail(check, evidence + ": expired", remedy);
        } else if (now.isBefore(from)) {
            findings.fail(check, evidence + ": not valid yet", remedy);
        } else if (now.plus(SOON).isAfter(end)) {
            findings.warn(
                    check,
                    evidence + ": expires in " + Duration.between(now, end).toDays() + " days",
                    remedy);
        } else {
            findings.ok(check, evidence + "; its key fits");
        }
    }
}
