package dev.tokenservice.doctor;

import dev.tokenservice.files.UnusableFileException;
import dev.tokenservice.outbound.Download;
import dev.tokenservice.policy.PolicyFile;
import dev.tokenservice.x509.FetchReports;
import dev.tokenservice.x509.FetchedLists;
import dev.tokenservice.x509.RevocationFetching;
import dev.tokenservice.x509.SourceStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Whether the revocation lists of the policy can be fetched from here. Nothing is kept: the cache is the service's own. */
final class RevocationFetchCheck {

    private static final Duration PATIENCE = Download.LIMITS.total().plusSeconds(2);

    private final Optional<PolicyFile> policy;
    private final Clock clock;

    RevocationFetchCheck(Optional<PolicyFile> policy, Clock clock) {
        this.policy = policy;
        this.clock = clock;
    }

    void run(Findings findings) {
        List<FetchedLists> lists = lists();
        if (lists.isEmpty()) {
            findings.skip("no policy names revocation lists to fetch", CheckName.REVOCATION_FETCH);
            return;
        }
        FetchReports silent = new FetchReports(clock, System::nanoTime, (authority, outcome) -> {});
        try (RevocationFetching fetching =
                new RevocationFetching(Download.ofJvm(), clock, System::nanoTime, () -> 1, silent)) {
            fetching.follow(lists, PATIENCE);
            Instant now = clock.instant();
            lists.forEach(of -> of.statuses(now).forEach(status -> report(of.authority(), status, now, findings)));
        }
    }

    /** A policy that cannot be used is a finding of the configuration. */
    private List<FetchedLists> lists() {
        try {
            return policy.map(file -> file.get().fetched().stream()
                            .map(FetchedLists::withoutCache)
                            .toList())
                    .orElse(List.of());
        } catch (UnusableFileException e) {
            return List.of();
        }
    }

    private static void report(String authority, SourceStatus status, Instant now, Findings findings) {
        if (status.isUnsound()) {
            findings.fail(
                    CheckName.REVOCATION_FETCH,
                    "authority " + authority + ": " + status.url() + " "
                            + status.problem().orElse("has a list that is out of date"),
                    status.remedy().orElse("have the CA publish a current list"));
            return;
        }
        Duration age = Duration.between(status.list().orElseThrow().issued(), now);
        findings.ok(
                CheckName.REVOCATION_FETCH,
                "authority " + authority + ": " + status + "; it is " + age.toHours() + " hours old");
    }
}
