package dev.tokenservice.policy;

import dev.tokenservice.identity.ClientAttribute;
import dev.tokenservice.policy.cel.Expression;
import dev.tokenservice.policy.cel.Expressions.Purpose;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads one rule of a policy file. */
final class RuleReader {

    private static final String NAME = "name";
    private static final String MATCH = "match";
    private static final String WHEN = "when";
    private static final String ALLOW = "allow";
    private static final String DENY = "deny";
    private static final String MODE = "mode";
    private static final List<String> KEYS = List.of(NAME, MATCH, WHEN, ALLOW, DENY, MODE);
    private static final Set<String> NARROWING = Set.of(MATCH, WHEN);
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,62}");
    private static final int MAX_REASON = 200;

    private final PolicyNode place;
    private final RuleContext context;
    private final Map<String, PolicyNode> members;
    private final MatchReader match;

    private RuleReader(PolicyNode place, RuleContext context) {
        this.place = place;
        this.context = context;
        this.members = place.members(KEYS);
        this.match = new MatchReader(context, members.containsKey(DENY));
    }

    /** Returns the rule, and records problems. */
    static Rule read(PolicyNode place, RuleContext context) {
        return new RuleReader(place, context).rule();
    }

    private Rule rule() {
        member(MATCH).ifPresent(match::read);
        Optional<Expression> when = member(WHEN).flatMap(this::condition);
        if (members.containsKey(ALLOW) == members.containsKey(DENY)) {
            place.problem("a rule has either allow or deny" + (members.containsKey(ALLOW) ? ", not both" : ""));
        }
        checkOrder();
        checkSubjects(when);
        return new Rule(
                name(),
                List.copyOf(match.terms()),
                List.copyOf(match.sets()),
                when,
                member(ALLOW).map(this::grant),
                member(DENY).flatMap(this::reason).orElse(""),
                member(MODE)
                        .flatMap(node -> node.choice(List.of(RulesReader.SHADOW)))
                        .isPresent());
    }

    private Optional<PolicyNode> member(String key) {
        return Optional.ofNullable(members.get(key));
    }

    private String name() {
        Optional<String> name = member(NAME).flatMap(PolicyNode::text);
        if (!members.containsKey(NAME)) {
            place.problem("name is missing: it is in audit lines and metrics");
        }
        name.filter(text -> !FORM.matcher(text).matches() || text.equals(RuleEnforcement.NO_RULE))
                .ifPresent(text -> place.problem("the rule " + PolicyProblems.quoted(text)
                        + " must be named with 1 to 63 letters, digits, - and _, and not " + RuleEnforcement.NO_RULE));
        return name.orElse("");
    }

    private Optional<String> reason(PolicyNode node) {
        Optional<String> reason = node.text();
        reason.filter(text -> text.length() > MAX_REASON)
                .ifPresent(text -> node.problem("must have at most " + MAX_REASON + " characters"));
        return reason;
    }

    private Grant grant(PolicyNode node) {
        Grant grant = GrantReader.read(node, context, rows());
        grant.claims().values().forEach(claim -> checkColumns(claim, node));
        grant.relyingParties().stream()
                .flatMap(name -> context.relyingParties().named(name).stream())
                .forEach(party -> context.owners().check(party, match.sets(), authorities(), place));
        return grant;
    }

    private List<String> authorities() {
        return match.authorities()
                .orElseGet(() -> context.authorities().stream()
                        .filter(name -> !name.equals(Authority.FORWARDED.name()))
                        .toList());
    }

    private Set<String> rows() {
        return match.sets().stream().map(SetTerm::row).collect(Collectors.toSet());
    }

    private Optional<Expression> condition(PolicyNode node) {
        Optional<Expression> expression = context.expressions().read(node, Purpose.CONDITION, rows());
        expression.ifPresent(read -> checkColumns(read, node));
        return expression;
    }

    private void checkColumns(Expression expression, PolicyNode node) {
        for (SetTerm set : match.sets()) {
            expression.columns().getOrDefault(set.row(), Set.of()).stream()
                    .filter(column -> !set.rows().columns().contains(column))
                    .forEach(column -> node.problem("the set " + set.set() + " has no column "
                            + PolicyProblems.quoted(column) + ", only "
                            + String.join(", ", set.rows().columns())));
        }
    }

    /**
     * Checks that no restriction follows {@code allow}, because a truncated file would lose it. A file whose last key is
     * {@code version}, as programs that sort keys write it, is invalid after a truncation.
     */
    private void checkOrder() {
        List<String> keys = new ArrayList<>(members.keySet());
        if (!place.isBlock() || context.versionLast() || !keys.contains(ALLOW)) {
            return;
        }
        List<String> behind = keys.subList(keys.indexOf(ALLOW) + 1, keys.size());
        behind.stream()
                .filter(NARROWING::contains)
                .flatMap(key -> member(key).stream())
                .forEach(narrowing -> narrowing.problem("must be before allow: a truncated file must not allow more"));
        behind.stream()
                .filter(MODE::equals)
                .flatMap(key -> member(key).stream())
                .forEach(mode -> mode.warn(
                        "mode should be before allow: a file that is truncated between them would enforce the rule"));
    }

    /**
     * Checks that a rule reads no subject for which no authority of its clients vouches, because it could never be evaluated.
     */
    private void checkSubjects(Optional<Expression> when) {
        Stream<ClientAttribute> read = Stream.concat(
                Stream.concat(
                        match.terms().stream().flatMap(term -> ClientAttribute.of(term.key()).stream()),
                        match.sets().stream().map(SetTerm::attribute)),
                when.stream()
                        .flatMap(expression ->
                                expression.attributes().stream().flatMap(name -> ClientAttribute.of(name).stream())));
        List<String> authorities = match.authorities()
                .orElseGet(() ->
                        context.trustsSummaries() && members.containsKey(DENY) ? context.authorities() : authorities());
        if (!authorities.isEmpty() && context.withoutSubjects().containsAll(authorities)) {
            read.filter(ClientAttribute::isOfSubject)
                    .findFirst()
                    .ifPresent(attribute -> place.problem("the rule reads client." + attribute.key()
                            + ", which no authority of its clients gives: set subjects in "
                            + String.join(", ", authorities)));
        }
    }
}
