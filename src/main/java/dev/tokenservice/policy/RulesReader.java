package dev.tokenservice.policy;

import dev.tokenservice.policy.AuthorityReader.Definition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the rules of a policy file, and the sets that they name. */
final class RulesReader {

    static final String SHADOW = "shadow";

    private static final String VERSION = "version";
    private static final String RULES = "rules";
    private static final String SETS = "sets";
    private static final String MODE = "mode";
    private static final String ALLOW_ALL = "allow-all";

    /** Keys that restrict rules. They must come before the rules, because a truncated file would lose them. */
    private static final List<String> BEFORE_RULES =
            List.of("authorities", "proxies", "forwardedSummaries", "relyingParties");

    private static final int MAX_RULES = 10_000;

    private final PolicyNode root;
    private final Map<String, PolicyNode> members;
    private final List<Definition> authorities;
    private final List<String> flows;
    private final ExpressionReader expressions;

    RulesReader(
            PolicyNode root,
            Map<String, PolicyNode> members,
            List<Definition> authorities,
            List<String> flows,
            ExpressionReader expressions) {
        this.root = root;
        this.members = members;
        this.authorities = authorities;
        this.flows = flows;
        this.expressions = expressions;
    }

    /** Returns the rules; empty if there are none, which allows everything that no other check refuses. */
    Optional<Rules> read(PolicyFiles files, RelyingParties relyingParties) {
        PolicyNode node = members.get(RULES);
        Map<String, RowSet> sets = Optional.ofNullable(members.get(SETS))
                .map(place -> new SetReader(files).read(place))
                .orElse(Map.of());
        if (node == null) {
            root.problem("rules is missing: a list of rules, or allow-all; a file without rules may be truncated");
            return Optional.empty();
        }
        checkOrder(node);
        if (!node.isList()) {
            checkWord(node, relyingParties);
            return Optional.empty();
        }
        if (!isVersionLast() && root.endsOpen()) {
            node.problem("the file ends within a line: end it with a line break, so that a truncated file is detected");
        }
        boolean shadow = Optional.ofNullable(members.get(MODE))
                .flatMap(place -> place.choice(List.of(SHADOW)))
                .isPresent();
        List<Rule> rules = rules(node, context(relyingParties, sets));
        return Optional.of(new Rules(rules, shadow));
    }

    private void checkWord(PolicyNode node, RelyingParties relyingParties) {
        if (!node.written().equals(ALLOW_ALL)) {
            node.problem(
                    "must be a list of rules, or " + ALLOW_ALL + ", found " + PolicyProblems.quoted(node.written()));
        }
        relyingParties.all().stream()
                .filter(party -> !party.columns().isEmpty())
                .forEach(party -> node.problem("the relying party " + party.name()
                        + " reads the row of its client, which only a rule finds, with in"));
        Optional.ofNullable(members.get(MODE))
                .ifPresent(place -> place.problem("mode is for rules, and there are none with " + ALLOW_ALL));
    }

    private boolean isVersionLast() {
        return List.copyOf(members.keySet()).indexOf(VERSION) == members.size() - 1;
    }

    private void checkOrder(PolicyNode node) {
        if (isVersionLast() || !root.isBlock()) {
            return;
        }
        BEFORE_RULES.stream()
                .map(members::get)
                .filter(place -> place != null && place.isBehind(node))
                .forEach(place -> place.warn("should be before rules: a truncated file could allow more"));
    }

    private RuleContext context(RelyingParties relyingParties, Map<String, RowSet> sets) {
        List<String> names = new ArrayList<>();
        authorities.forEach(authority -> names.add(authority.name()));
        if (names.isEmpty()) {
            names.add(Authority.OF_SETTINGS);
        }
        names.add(Authority.FORWARDED.name());
        List<String> withoutSubjects = authorities.stream()
                .filter(authority ->
                        authority.restricted() && !authority.restrictions().givesSubjects())
                .map(Definition::name)
                .toList();
        boolean trustsSummaries = Optional.ofNullable(members.get("forwardedSummaries"))
                .filter(node -> node.written().equals("trusted"))
                .isPresent();
        return new RuleContext(
                names,
                trustsSummaries,
                flows,
                withoutSubjects,
                relyingParties,
                sets,
                new SubjectOwners(),
                expressions,
                isVersionLast());
    }

    private List<Rule> rules(PolicyNode node, RuleContext context) {
        List<PolicyNode> places = node.itemsOrNone();
        List<Rule> rules = new ArrayList<>();
        Map<String, Integer> lines = new HashMap<>();
        Coverage coverage = new Coverage();
        if (places.size() > MAX_RULES) {
            node.problem("has " + places.size() + " rules, and " + MAX_RULES + " are allowed");
            return rules;
        }
        for (PolicyNode place : places) {
            Rule rule = RuleReader.read(place, context);
            Integer other = lines.putIfAbsent(rule.name(), place.line());
            if (other != null && !rule.name().isEmpty()) {
                place.problem("the rule on line " + other + " already has the name " + rule.name());
            }
            coverage.of(rule, rules)
                    .ifPresent(earlier ->
                            place.warn("the rule " + rule.name() + " never decides: " + earlier.name() + " covers it"));
            rules.add(rule);
        }
        if (coverage.isIncomplete()) {
            node.warn("there are too many rules to check whether an earlier one covers each rule");
        }
        return rules;
    }
}
