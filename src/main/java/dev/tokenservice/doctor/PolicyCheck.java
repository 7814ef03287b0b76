package dev.tokenservice.doctor;

import com.google.common.net.InetAddresses;
import dev.tokenservice.files.UnusableFileException;
import dev.tokenservice.policy.Policy;
import dev.tokenservice.policy.PolicyFile;
import dev.tokenservice.server.ServiceServerFactory;
import dev.tokenservice.server.UnusableAddressException;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/** Whether the policy can be used, for how long its authorities can, and whether a service that runs here uses it. */
final class PolicyCheck {

    private static final Duration SOON = Duration.ofDays(30);

    private final Optional<PolicyFile> file;
    private final ServiceServerFactory server;
    private final PublicDocuments documents;
    private final Clock clock;

    PolicyCheck(ConfigurationSections settings, PublicDocuments documents, Clock clock) {
        this.file = settings.policy(clock).policyFile(clock);
        this.server = settings.server();
        this.documents = documents;
        this.clock = clock;
    }

    void run(Findings findings) {
        if (file.isEmpty()) {
            findings.skip("POLICY is not set", CheckName.POLICY);
            return;
        }
        Optional<String> generation = Optional.empty();
        try {
            Policy policy = file.get().get();
            generation = Optional.of(policy.generation());
            findings.ok(
                    CheckName.POLICY,
                    "generation " + policy.generation() + ", authorities "
                            + (policy.hasAuthorities() ? String.join(", ", policy.names()) : "as the settings say"));
            policy.warnings()
                    .forEach(warning -> findings.warn(
                            CheckName.POLICY,
                            "POLICY: " + warning,
                            "correct the policy; policy check says the same before a roll-out"));
            policy.material().forEach(authority -> examine(authority, findings));
        } catch (UnusableFileException e) {
            findings.fail(
                    CheckName.POLICY,
                    "POLICY: " + String.valueOf(e.getMessage()).strip(),
                    "fix the policy: the service does not start with this version, and a running one keeps the previous version");
        }
        examineRunning(generation, findings);
    }

    private void examine(Policy.Material authority, Findings findings) {
        Optional<X509Certificate> first =
                authority.anchors().stream().min(Comparator.comparing(X509Certificate::getNotAfter));
        Instant end = first.map(anchor -> anchor.getNotAfter().toInstant()).orElse(Instant.MAX);
        String evidence = "authority " + authority.authority() + ": "
                + authority.anchors().size() + " anchors, of which "
                + first.map(anchor -> anchor.getSubjectX500Principal().getName())
                        .orElse("") + " expires first, at " + end;
        String remedy = "add the new certificate of the authority to the trustBundle of " + authority.authority();
        if (!authority.listsOutOfDate().isEmpty()) {
            findings.fail(
                    CheckName.POLICY,
                    evidence + "; its clients are refused, because these revocation lists are expired: "
                            + String.join("; ", authority.listsOutOfDate()),
                    "fetch the current lists into revocationLists of " + authority.authority());
        } else if (end.isBefore(clock.instant())) {
            findings.warn(CheckName.POLICY, evidence + ": expired, so its clients are refused", remedy);
        } else if (end.isBefore(clock.instant().plus(SOON))) {
            findings.warn(CheckName.POLICY, evidence, remedy);
        } else {
            findings.ok(CheckName.POLICY, evidence);
        }
    }

    /** Asks the admin port, where a service runs on this machine and does not have TLS there. */
    private void examineRunning(Optional<String> generation, Findings findings) {
        Optional<String> said = running();
        if (said.isEmpty()) {
            return;
        }
        String evidence = "the service that runs here says: " + said.get();
        if (generation.filter(said.get()::contains).isPresent()) {
            findings.ok(CheckName.POLICY, evidence);
        } else {
            findings.warn(
                    CheckName.POLICY,
                    evidence + "; the file has another version, which is not yet in force, or is refused",
                    "POST /tasks/reload on the admin port reads it immediately, and says what is wrong with it");
        }
    }

    private Optional<String> running() {
        if (server.adminTls().isPresent() || server.adminPort() == 0) {
            return Optional.empty();
        }
        try {
            String host = InetAddresses.toUriString(server.adminHost().reachable());
            String message = documents
                    .get("http://" + host + ":" + server.adminPort() + "/healthcheck")
                    .json()
                    .path("policy")
                    .path("message")
                    .asText();
            return Optional.of(message).filter(text -> !text.isEmpty());
        } catch (IOException | UnusableAddressException e) {
            return Optional.empty();
        }
    }
}
