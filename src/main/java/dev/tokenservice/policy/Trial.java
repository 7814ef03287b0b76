package dev.tokenservice.policy;

import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.oauth.TokenRequest;
import dev.tokenservice.policy.Rule.Verdict;
import dev.tokenservice.policy.Rules.Ruling;
import dev.tokenservice.policy.cel.Budget;
import dev.tokenservice.policy.cel.Facts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Evaluates a policy for a request that nobody sent. Ignores rate limits. */
final class Trial {

    private final Optional<Rules> rules;
    private final RelyingParties parties;
    private final Audiences settings;

    Trial(Policy policy, Audiences settings) {
        this.rules = policy.rules();
        this.parties = policy.relyingParties().orElseGet(settings::relyingParties);
        this.settings = settings;
    }

    TrialAnswer answer(TrialRequest request) {
        try {
            RelyingParty party = party(request);
            Facts.Request facts = RuleEnforcement.request(request.tokenRequest(), party);
            Optional<Ruling> ruling =
                    rules.filter(all -> !all.shadow()).map(all -> all.decide(request.client(), facts, request.now()));
            Optional<String> rule = ruling.flatMap(Ruling::rule);
            if (ruling.isPresent() && !ruling.get().isAllowed()) {
                return TrialAnswer.refused(rule, ruling.get().reason(), Optional.of(party));
            }
            Decision decision = ClientPolicy.decision(
                    party, request.tokenRequest(), ruling, request.client(), facts, request.now());
            return new TrialAnswer(rule, "", Optional.of(party), Optional.of(decision));
        } catch (RefusedException e) {
            return TrialAnswer.refused(Optional.empty(), text(e.refusal()), Optional.empty());
        }
    }

    /** Returns a line with the result of each rule. */
    List<String> verdicts(TrialRequest request) {
        List<String> lines = new ArrayList<>();
        RelyingParty party;
        try {
            party = party(request);
        } catch (RefusedException e) {
            return List.of(text(e.refusal()));
        }
        lines.add("relying party " + party.name() + ": audience " + party.audience());
        if (rules.isEmpty()) {
            lines.add("rules: allow-all");
        }
        Facts.Request facts = RuleEnforcement.request(request.tokenRequest(), party);
        Budget budget = new Budget();
        rules.stream().flatMap(all -> all.all().stream()).forEach(rule -> {
            Verdict verdict = rule.judge(request.client(), facts, request.now(), budget);
            lines.add("rule " + rule.name() + (rule.shadow() ? " (shadow)" : "") + ": " + text(verdict));
        });
        return lines;
    }

    private static String text(Verdict verdict) {
        return switch (verdict.outcome()) {
            case PASSES -> "does not decide: " + verdict.reason();
            case ALLOWS -> "allows";
            case DENIES -> "denies: " + verdict.reason();
            case FAILS -> "fails, and denies: " + verdict.reason();
        };
    }

    private static String text(Refusal refusal) {
        return refusal.detail().orElse(refusal.description());
    }

    private RelyingParty party(TrialRequest request) {
        TokenRequest asked = request.tokenRequest();
        return parties.resolve(asked, audience(asked));
    }

    private String audience(TokenRequest asked) {
        if (asked.audience().isPresent()
                && parties.ofAudience(asked.audience().get()).isPresent()) {
            return asked.audience().get();
        }
        Optional<String> provider = settings.provider()
                .filter(audience -> parties.ofAudience(audience).isPresent());
        // Without a configuration, the provider is unknown. A requested provider that the policy does not name counts
        // as the
        // configured one.
        if (asked.audience().isPresent()) {
            return provider.filter(known -> settings.equals(Audiences.UNKNOWN)
                            && FederatedAudience.matches(asked.audience().get()))
                    .orElse(asked.audience().get());
        }
        return settings.standard()
                .filter(audience -> !asked.wantsAccessToken())
                .or(() -> provider)
                .or(() -> parties.all().stream().map(RelyingParty::audience).findFirst())
                .orElse("");
    }
}
