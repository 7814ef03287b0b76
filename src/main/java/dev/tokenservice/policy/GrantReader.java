package dev.tokenservice.policy;

import dev.tokenservice.configuration.Durations;
import dev.tokenservice.policy.PolicyNode.Placed;
import dev.tokenservice.policy.cel.Expression;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the {@code allow} of a rule. */
final class GrantReader {

    private static final List<String> KEYS =
            List.of("relyingParties", "scopes", "serviceAccounts", "tokenValidity", "claims", "rateLimit");
    private static final String ANY = "any";
    private static final Pattern SCOPE = Pattern.compile("[!#-\\[\\]-~]+");
    private static final Pattern ACCOUNT = Pattern.compile("[a-z0-9*-]+@[a-z0-9*-]+(?:\\.[a-z0-9*-]+)+");
    private static final Duration SHORTEST_VALIDITY = Duration.ofSeconds(10);
    private static final Duration LONGEST_PERIOD = Duration.ofDays(1);
    private static final int MOST_TOKENS = 1_000_000;

    private final RuleContext context;
    private final Set<String> rows;
    private final Map<String, PolicyNode> members;

    private GrantReader(PolicyNode place, RuleContext context, Set<String> rows) {
        this.context = context;
        this.rows = rows;
        this.members = place.members(KEYS);
    }

    /**
     * Reads the permissions.
     *
     * @param rows the names of the rows that the rule finds
     */
    static Grant read(PolicyNode place, RuleContext context, Set<String> rows) {
        return new GrantReader(place, context, rows).grant();
    }

    private Grant grant() {
        List<String> parties = Optional.ofNullable(members.get("relyingParties")).stream()
                .flatMap(node -> node.texts().stream())
                .flatMap(name -> MatchReader.relyingParty(name, context.relyingParties()).stream())
                .toList();
        return new Grant(
                parties,
                list("scopes", SCOPE, "a scope without spaces"),
                list(
                        "serviceAccounts",
                        ACCOUNT,
                        "an e-mail address such as line-*@project.iam.gserviceaccount.com, in which * stands for a "
                                + "text without @ and dot"),
                Optional.ofNullable(members.get("tokenValidity"))
                        .flatMap(node -> duration(node, SHORTEST_VALIDITY, Policy.LONGEST_VALIDITY)),
                Optional.ofNullable(members.get("claims"))
                        .map(node -> claims(node, parties))
                        .orElse(Map.of()),
                Optional.ofNullable(members.get("rateLimit")).flatMap(GrantReader::rateLimit));
    }

    private Map<String, Expression> claims(PolicyNode node, List<String> names) {
        List<RelyingParty> parties = names.stream()
                .flatMap(name -> context.relyingParties().named(name).stream())
                .toList();
        Map<String, Expression> claims = ClaimsReader.read(
                node,
                rows,
                context.expressions(),
                parties.stream().map(RelyingParty::profile).toList());
        parties.forEach(party -> claims.keySet().stream()
                .filter(party.claims()::containsKey)
                .forEach(name -> node.problem("the claim " + PolicyProblems.quoted(name)
                        + " is also that of the relying party " + party.name() + ": say it in one place")));
        return claims;
    }

    /**
     * Returns the values; an empty list if the key is missing, and an empty result if the policy explicitly allows any value.
     */
    private Optional<List<String>> list(String key, Pattern form, String allowed) {
        PolicyNode node = members.get(key);
        if (node == null) {
            return Optional.of(List.of());
        }
        if (node.written().equals(ANY)) {
            return Optional.empty();
        }
        List<Placed> texts = node.texts();
        texts.stream()
                .filter(text -> !form.matcher(text.text()).matches())
                .forEach(text ->
                        text.node().problem("must be " + allowed + ", found " + PolicyProblems.quoted(text.text())));
        return Optional.of(texts.stream().map(Placed::text).toList());
    }

    private static Optional<Duration> duration(PolicyNode node, Duration shortest, Duration longest) {
        Optional<Duration> duration = Durations.parse(node.written())
                .filter(value -> value.compareTo(shortest) >= 0 && value.compareTo(longest) <= 0);
        if (duration.isEmpty()) {
            node.problem("must be a duration of " + shortest.toSeconds() + " seconds to " + longest.toHours()
                    + " hours, such as 10m or PT10M, found " + PolicyProblems.quoted(node.written()));
        }
        return duration;
    }

    private static Optional<RateLimit> rateLimit(PolicyNode place) {
        Map<String, PolicyNode> parts = place.members(List.of("tokens", "per"));
        PolicyNode tokens = parts.get("tokens");
        PolicyNode per = parts.get("per");
        if (tokens == null || per == null) {
            place.problem("a rate limit has tokens and per, such as {tokens: 60, per: 1m}");
            return Optional.empty();
        }
        Optional<Duration> period = duration(per, Duration.ofSeconds(1), LONGEST_PERIOD);
        return tokens.number(1, MOST_TOKENS).flatMap(number -> period.map(time -> new RateLimit(number, time)));
    }
}
