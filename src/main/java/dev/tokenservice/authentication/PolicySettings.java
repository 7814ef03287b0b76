package dev.tokenservice.authentication;

import dev.tokenservice.files.FileReading;
import dev.tokenservice.files.RegularFile;
import dev.tokenservice.files.UnusableFileException;
import dev.tokenservice.policy.PolicyContext;
import dev.tokenservice.policy.PolicyFile;
import dev.tokenservice.policy.RelyingParties;
import dev.tokenservice.policy.TokenSettings;
import dev.tokenservice.tls.TlsFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The policy file beside the settings that say the same, or stand in for it.
 *
 * @param file the policy file, if one is set
 * @param proxyCertificates the names of {@code PROXY_CERTIFICATES}
 * @param flows the names of the known flows
 * @param verifyForwarded the setting, if it is set
 * @param tokens the settings of tokens
 */
public record PolicySettings(
        Optional<String> file,
        TlsFactory tls,
        ClientIds clientIds,
        List<String> proxyCertificates,
        List<String> flows,
        Optional<Boolean> verifyForwarded,
        TokenSettings tokens) {

    /** Returns the settings that the policy stands beside. */
    public PolicyContext context() {
        List<String> trust = new ArrayList<>(tls.trustSettings());
        if (verifyForwarded.isPresent()) {
            trust.add("MTLS_VERIFY_FORWARDED");
        }
        return new PolicyContext(
                clientIds.effective(),
                clientIds.settings(),
                trust,
                proxySettings(),
                flows,
                Optional.of(tls.isEnabled()),
                tokens);
    }

    /** Returns the file, if one is set. */
    public Optional<PolicyFile> policyFile(Clock clock) {
        return file.map(path -> new PolicyFile(Path.of(path), context(), clock));
    }

    /**
     * Returns the relying parties of the policy; empty if the settings say which audiences there are.
     *
     * @throws UnusableFileException when the policy cannot be used
     */
    public Optional<RelyingParties> relyingParties(Clock clock) {
        return policyFile(clock).flatMap(policy -> policy.get().relyingParties());
    }

    Optional<FileReading> fileReading(Clock clock) {
        return policyFile(clock)
                .map(policy -> FileReading.of("policy", policy.files().get(0), policy::get));
    }

    private List<String> proxySettings() {
        return proxyCertificates.isEmpty() ? List.of() : List.of(ProxyCertificates.VARIABLE);
    }

    /** Whom certificate headers are believed from: the proxies of a policy that can be used, else as the settings say. */
    ProxyTrust.Basis basis(ProxyTrust.Basis ofSettings) {
        if (ofSettings == ProxyTrust.Basis.PROOFS) {
            return ofSettings;
        }
        try {
            return policyFile(Clock.systemUTC())
                    .flatMap(policy -> policy.get().proxies())
                    .map(proxies -> ProxyTrust.Basis.PROOFS)
                    .orElse(ofSettings);
        } catch (UnusableFileException e) {
            return ofSettings;
        }
    }

    /** Returns the policy that is in force, in the form of its file: what the settings amount to, where none is set. */
    public String text() {
        return file.map(path -> RegularFile.text(Path.of(path), 1)).orElseGet(this::ofSettings);
    }

    private String ofSettings() {
        List<String> lines = new ArrayList<>(List.of("version: 1"));
        List<String> unset = new ArrayList<>();
        if (tls.hasTrustBundle()) {
            addAuthorities(lines, unset);
        } else {
            lines.add(
                    "# Without authorities the settings say whom to trust, and what a proven proxy forwards is believed.");
        }
        lines.addAll(tokens.audiences().lines());
        if (!tokens.audiences().further().isEmpty()) {
            unset.add("TOKEN_AUDIENCES");
        }
        lines.add("rules: allow-all");
        if (!unset.isEmpty()) {
            lines.add("# Unset where this file is named by POLICY: " + String.join(", ", unset));
        }
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    private void addAuthorities(List<String> lines, List<String> unset) {
        lines.add("authorities:");
        lines.add("  default:");
        lines.add("    trustBundle: " + quoted(tls.trustBundle().orElseThrow()));
        tls.revocationLists().ifPresent(lists -> lines.add("    revocationLists: [" + quoted(lists) + "]"));
        lines.add("    clientId: \"" + clientIds.template() + "\"");
        unset.addAll(tls.trustSettings());
        unset.addAll(clientIds.settings());
        if (!proxyCertificates.isEmpty()) {
            lines.add("proxies:");
            lines.add("  authority: default");
            lines.add("  names: [\"" + String.join("\", \"", proxyCertificates) + "\"]");
            unset.addAll(proxySettings());
        }
        if (verifyForwarded.isPresent()) {
            unset.add("MTLS_VERIFY_FORWARDED");
        }
        if (!verifyForwarded.orElse(true)) {
            lines.add("# MTLS_VERIFY_FORWARDED=false has no counterpart: a forwarded certificate is verified then.");
            lines.add("forwardedSummaries: trusted");
        }
    }

    private static String quoted(Path path) {
        return "\"" + path.toAbsolutePath().toString().replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
