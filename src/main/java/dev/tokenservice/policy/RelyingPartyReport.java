package dev.tokenservice.policy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Describes a relying party for operators: its tokens, its limits, and the commands to set it up.
 *
 * @param settings the defaults of the relying party
 * @param validity the lifetime of tokens if it sets none
 */
public record RelyingPartyReport(TokenSettings settings, Duration validity) {

    /** Returns the description, line by line. */
    public List<String> lines(RelyingParty party) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "Relying party " + party.name() + " (profile " + party.profile().label() + ")");
        lines.add("  iss: " + settings.issuer().orElse("the host of each request; set TOKEN_ISSUER"));
        lines.add("  aud: " + party.audience());
        lines.add("  sub: " + party.subject().text());
        lines.add("  signed with: " + party.algorithm().orElse(settings.algorithm()));
        lines.add("  valid for: " + party.tokenValidity().orElse(validity).toSeconds() + " s at most");
        lines.add("  claims: iss, aud, sub, iat, exp, jti"
                + party.contents().stream()
                        .map(TokenContent::claim)
                        .sorted()
                        .map(claim -> ", " + claim)
                        .collect(Collectors.joining()));
        if (party.uploaded()) {
            lines.add("  keys: uploaded; a key signs once 'keys confirm' has noted that it was uploaded there");
        }
        lines.add("  requested with: relying_party=" + party.name() + ", or the audience");
        lines.add("");
        lines.add("Limits, and the pages that say so (read on " + Profile.read() + ")");
        limits(party.profile()).forEach(limit -> lines.add("  " + limit));
        lines.add("");
        lines.add("What to enter there");
        // Commands are not indented, because the delimiter of a here-document must be at the beginning of a line.
        lines.addAll(SetupCommands.of(party, settings.issuer()));
        if (party.uploaded()) {
            lines.add("");
            lines.add("What to enter there for each new key");
            lines.addAll(SetupCommands.ofKeys(party, settings.issuer()));
        }
        return lines;
    }

    private static List<String> limits(Profile profile) {
        List<String> limits = new ArrayList<>();
        limits.add("algorithm: " + String.join(" or ", profile.algorithms()) + " - " + profile.algorithmsSource());
        profile.limits()
                .forEach(limit -> limits.add(limit.measure().noun() + ": " + limit.allowed() + " - " + limit.source()));
        return limits;
    }

    /** Returns a relying party with a placeholder for its audience; empty for an unknown profile. */
    public static Optional<RelyingParty> ofKind(String label) {
        return Profile.of(label).map(profile -> RelyingParty.of(label, "AUDIENCE", profile));
    }
}
