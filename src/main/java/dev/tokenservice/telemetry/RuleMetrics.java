package dev.tokenservice.telemetry;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * What the rules of the policy decide: one by one for as many rules as a dashboard can show, and the others together. Safe for
 * many threads.
 */
public final class RuleMetrics {

    private static final int MAX_RULES = 1000;
    private static final String OTHERS = "other";

    private final Counter decisions;
    private final Set<String> names = ConcurrentHashMap.newKeySet();

    RuleMetrics(PrometheusRegistry registry) {
        decisions = Counter.builder()
                .name("token_service_rule_decisions_total")
                .help("Token requests that a rule of the policy decided; the rule is none if no rule matched.")
                .labelNames("rule", "outcome")
                .register(registry);
    }

    /** Exposes rules with the count 0 before the first event: a rate needs a number to start from. */
    public void expose(List<String> rules) {
        rules.forEach(rule -> Stream.of(RuleOutcome.values())
                .forEach(outcome -> decisions.initLabelValues(label(rule), outcome.label())));
    }

    /** Counts what a rule decided. */
    public void decided(String rule, RuleOutcome outcome) {
        decisions.labelValues(label(rule), outcome.label()).inc();
    }

    private String label(String rule) {
        if (names.size() < MAX_RULES) {
            names.add(rule);
        }
        return names.contains(rule) ? rule : OTHERS;
    }
}
