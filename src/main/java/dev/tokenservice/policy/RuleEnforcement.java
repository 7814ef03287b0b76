package dev.tokenservice.policy;

import dev.tokenservice.identity.Attribute;
import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.oauth.TokenRequest;
import dev.tokenservice.policy.Rules.Ruling;
import dev.tokenservice.policy.cel.Facts;
import dev.tokenservice.telemetry.Limit;
import dev.tokenservice.telemetry.RuleOutcome;
import dev.tokenservice.telemetry.ServiceMetrics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Enforces the rules of the policy and their rate limits for each request. */
public final class RuleEnforcement {

    private static final int TOO_MANY_REQUESTS = 429;
    static final String NO_RULE = "none";

    private final RateLimits rates;
    private final Clock clock;
    private final ServiceMetrics metrics;

    public RuleEnforcement(RateLimits rates, Clock clock, ServiceMetrics metrics) {
        this.rates = rates;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** Returns the time of a request, which the caller uses for all its rules. */
    Instant now() {
        return clock.instant();
    }

    /**
     * Returns the ruling; empty if there are no rules, or all are in shadow mode.
     *
     * @throws RefusedException if the rules deny the request, or the client exceeds a rate limit
     */
    Optional<Ruling> enforce(AuthenticatedRequest asked, ClientFacts client, Facts.Request facts, Instant now) {
        Optional<Rules> rules = asked.rules();
        if (rules.isEmpty()) {
            return Optional.empty();
        }
        if (rules.get().hasShadow()) {
            Ruling shadow = rules.get().decideInShadow(client, facts, now);
            asked.trail().shadow(shadow.isAllowed() ? "issued" : "refused", shadow.rule());
        }
        if (rules.get().shadow()) {
            return Optional.empty();
        }
        Ruling ruling = rules.get().decide(client, facts, now);
        ruling.rule().ifPresent(asked.trail()::rule);
        if (!ruling.isAllowed()) {
            count(ruling, ruling.failed() ? RuleOutcome.FAILED : RuleOutcome.DENIED);
            throw NotAllowed.because(
                    ruling.rule().map(name -> "rule " + name + ": ").orElse("") + ruling.reason());
        }
        checkRate(asked, ruling);
        count(ruling, RuleOutcome.ALLOWED);
        return Optional.of(ruling);
    }

    /** Adds the inputs of the rules to the audit line, for {@code policy replay}. */
    static void note(AuthenticatedRequest asked, ClientFacts client, TokenRequest request, String audience) {
        if (asked.policy().isPresent()) {
            Map<String, Object> inputs = AuditInputs.of(client, request, audience);
            asked.trail().inputs(inputs);
        }
    }

    static Facts.Request request(TokenRequest request, RelyingParty party) {
        boolean exchanges = request.wantsAccessToken();
        return new Facts.Request(
                party.audience(),
                party.name(),
                exchanges ? request.scopes() : List.of(),
                request.serviceAccount()
                        .filter(account -> exchanges)
                        .map(Attribute::of)
                        .orElse(Attribute.absent()));
    }

    private void checkRate(AuthenticatedRequest asked, Ruling ruling) {
        String rule = ruling.rule().orElse(NO_RULE);
        Optional<RateLimits.Excess> excess = ruling.grant()
                .flatMap(Grant::rateLimit)
                .flatMap(limit -> rates.take(rule, asked.client().clientId(), limit));
        if (excess.isEmpty()) {
            return;
        }
        count(ruling, RuleOutcome.LIMITED);
        metrics.limitHit(excess.get().noRoom() ? Limit.RATE_BUCKETS : Limit.RATE);
        throw Refusal.because(ReasonCode.RATE, "this client got too many tokens: try again later")
                .status(TOO_MANY_REQUESTS)
                .retryAfter(Duration.ofSeconds(
                        excess.get().retryAfter().plusNanos(999_999_999).toSeconds()))
                .detail(
                        excess.get().noRoom()
                                ? "the service already counts the rates of " + RateLimits.MAX_BUCKETS + " other clients"
                                : "the rateLimit of the rule " + rule + " is used up")
                .exception();
    }

    private void count(Ruling ruling, RuleOutcome outcome) {
        metrics.rules().decided(ruling.rule().orElse(NO_RULE), outcome);
    }
}
