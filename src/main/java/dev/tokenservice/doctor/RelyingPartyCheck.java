package dev.tokenservice.doctor;

import dev.tokenservice.configuration.Suggestion;
import dev.tokenservice.files.UnusableFileException;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.policy.RelyingParties;
import dev.tokenservice.policy.RelyingParty;
import dev.tokenservice.policy.TokenContent;
import dev.tokenservice.signing.TokenSigner;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Makes a sample token for relying parties, and holds it against what they take. */
final class RelyingPartyCheck {

    private final ConfigurationSections settings;
    private final Optional<String> name;
    private final Clock clock;

    /**
     * Takes what to check.
     *
     * @param name the only one that is looked into; empty for all of the policy
     */
    RelyingPartyCheck(ConfigurationSections settings, Optional<String> name, Clock clock) {
        this.settings = settings;
        this.name = name;
        this.clock = clock;
    }

    void run(Optional<TokenSigner> signer, Findings findings) {
        Optional<RelyingParties> declared = declared();
        if (signer.isEmpty() || (name.isEmpty() && declared.isEmpty())) {
            findings.skip(
                    signer.isEmpty() ? "nothing could be signed" : "the policy names no relying parties",
                    CheckName.RELYING_PARTY);
            return;
        }
        RelyingParties all = declared.orElseGet(settings.tokens(clock).audiences()::relyingParties);
        List<RelyingParty> chosen =
                name.map(one -> all.named(one).stream().toList()).orElseGet(all::all);
        if (chosen.isEmpty()) {
            findings.fail(
                    CheckName.RELYING_PARTY,
                    "there is no relying party " + name.orElse("") + Suggestion.among(all.names(), name.orElse("")),
                    "name one of " + String.join(", ", all.names()));
        }
        chosen.forEach(party -> examine(party, signer.get(), findings));
    }

    /** A policy that cannot be used is told by another check. */
    private Optional<RelyingParties> declared() {
        try {
            return settings.policy(clock).relyingParties(clock);
        } catch (UnusableFileException e) {
            return Optional.empty();
        }
    }

    private void examine(RelyingParty party, TokenSigner signer, Findings findings) {
        String title = party.name() + " (" + party.profile().label() + "): ";
        try {
            SampleToken token = SampleToken.issue(
                    settings.token().build(signer, clock),
                    settings.token().issuer().orElse(SigningCheck.NOWHERE),
                    party,
                    clock.instant());
            String evidence = title + "aud " + party.audience() + ", signed with "
                    + token.header().path("alg").asText() + ", a sample has "
                    + token.value().length() + " characters";
            judge(party, evidence, signer, findings);
        } catch (RefusedException e) {
            Refusal refusal = e.refusal();
            findings.fail(
                    CheckName.RELYING_PARTY,
                    title + refusal.description(),
                    refusal.remedy().or(refusal::detail).orElse("change the relying party in the policy"));
        }
    }

    private static void judge(RelyingParty party, String evidence, TokenSigner signer, Findings findings) {
        List<String> unconfirmed = party.uploaded()
                ? signer.ring().map(ring -> ring.unconfirmedFor(party.name())).orElse(List.of())
                : List.of();
        if (!unconfirmed.isEmpty()) {
            findings.warn(
                    CheckName.RELYING_PARTY,
                    evidence + "; it is not known to hold the keys " + String.join(", ", unconfirmed),
                    "upload the output of 'keys jwks DIR' there, and run 'keys confirm DIR KID --relying-party "
                            + party.name() + "' for each");
        } else if (party.has(TokenContent.CNF)) {
            findings.ok(CheckName.RELYING_PARTY, evidence);
        } else {
            findings.warn(
                    CheckName.RELYING_PARTY,
                    evidence + "; without cnf its tokens are not bound to a certificate",
                    "add cnf to include of " + party.name() + " if the relying party can check it");
        }
    }
}
