package dev.tokenservice.policy.cel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenservice.identity.Attribute;
import dev.tokenservice.identity.ClientAttribute;
import dev.tokenservice.policy.cel.Expressions.Purpose;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How much work an expression can be. Without a bound each of the expressions here takes seconds, or fills the memory. */
class BudgetTest {

    private static final String ITEMS =
            IntStream.range(0, 990).mapToObj(i -> "0").collect(Collectors.joining(",", "[", "]"));
    private static final String SLOW = "client.id.matches('((a?){30}){30}b')";

    private static Facts facts(Budget budget) {
        List<String> names =
                IntStream.range(0, 100).mapToObj(i -> "f".repeat(64)).toList();
        Map<ClientAttribute, Attribute<?>> client = Map.of(
                ClientAttribute.ID, Attribute.of("spiffe://factory.example/" + "a".repeat(300)),
                ClientAttribute.DNS, Attribute.of(names));
        return new Facts(
                attribute -> client.getOrDefault(attribute, Attribute.absent()),
                new Facts.Request("sts.amazonaws.com", "aws", List.of(), Attribute.absent()),
                Instant.EPOCH,
                Map.of("device", Map.of("state", "active", "note", "n".repeat(10_000))),
                budget);
    }

    private static Expression expression(String text, Purpose purpose) throws ExpressionException {
        return new Expressions().compile(text, purpose, Set.of("device"));
    }

    private static String repeat(String text, int times) {
        return text.replaceFirst("([^<]*)<([^>]*)>(.*)", "$1" + "$2".repeat(times) + "$3");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " : ",
            value = {
                "[client.id]<.map(a, a + a)>.size() > 0 : 22",
                "[client.id]<.map(a, a + a)>.size() > 0 || true : 22",
                "[b'aaaaaaaa']<.map(a, a + a)>.size() > 0 : 22",
                "[[dyn(1)]]<.map(a, dyn([a, a]))> == [[1]] : 22",
                "[client.dns]<.map(a, a + a)> == [['x']] : 22",
                "!SLOW< && !SLOW> : 90",
                "ITEMS.all(x, !SLOW) : 1",
                "ITEMS.exists(x, SLOW) || true : 1",
                "ITEMS.map(x, client.id< + client.id>).size() > 0 : 20",
                "ITEMS.all(x, !(client.id< + client.id>).contains('aaaaaaaaaaaaaaaaaaaab')) : 20",
            })
    void expression_beyondTheBudget_fails(String text, int times) throws ExpressionException {
        Expression expression =
                expression(repeat(text, times).replace("SLOW", SLOW).replace("ITEMS", ITEMS), Purpose.CONDITION);

        assertThatThrownBy(() -> expression.holds(facts(new Budget())))
                .isInstanceOf(EvaluationException.class)
                .hasMessageContaining("it takes more than 250000 steps");
    }

    @Test
    void claim_beyondTheBudget_fails() throws ExpressionException {
        Expression claim = expression("['0123456789abcdef']" + ".map(a, a + a)".repeat(22), Purpose.CLAIM);

        assertThatThrownBy(() -> claim.value(facts(new Budget())))
                .isInstanceOf(EvaluationException.class)
                .hasMessageContaining("it takes more than 250000 steps");
    }

    @Test
    void longText_isCutInTheReason() throws ExpressionException {
        Expression expression =
                expression("int((['a']" + ".map(a, a + a)".repeat(14) + ")[0]) == 1", Purpose.CONDITION);

        assertThatThrownBy(() -> expression.holds(facts(new Budget())))
                .satisfies(
                        e -> assertThat(String.valueOf(e.getMessage()).length()).isLessThan(400));
    }

    /** What policies ask in earnest. */
    @ParameterizedTest
    @CsvSource(
            delimiterString = " : ",
            value = {
                "client.dns.all(name, name.matches('^[0-9a-f]{64}$'))",
                "client.dns.map(name, 'dns:' + name).filter(name, name.contains('ff')).size() == 100",
                "ITEMS.map(x, x + 1).size() == 990",
                "ITEMS.map(x, [x]).size() == 990",
                "client.id.matches('^spiffe://factory.example/a+$')",
                "device.state == 'active' && device['state'] == 'active'",
            })
    void usualExpressions_takeLittle(String text) throws ExpressionException {
        Budget budget = new Budget();

        assertThat(expression(text.replace("ITEMS", ITEMS), Purpose.CONDITION).holds(facts(budget)))
                .contains(true);
        budget.spend(Budget.OF_A_DECISION - Budget.OF_AN_EVALUATION);
        assertThat(budget.share()).isGreaterThan(Budget.OF_AN_EVALUATION * 4 / 5);
    }

    @Test
    void readingAColumn_doesNotCountTheRow() throws ExpressionException {
        Budget budget = new Budget();
        expression("device.state == 'active'", Purpose.CONDITION).holds(facts(budget));
        budget.spend(Budget.OF_A_DECISION - 100);

        assertThat(budget.share()).isGreaterThan(90);
    }

    @Test
    void expressionsOfOneDecision_shareABudget() throws ExpressionException {
        Facts facts = facts(new Budget());
        Expression expression = expression("ITEMS.all(x, x == 0)".replace("ITEMS", ITEMS), Purpose.CONDITION);

        assertThatThrownBy(() -> {
                    for (int i = 0; i < 1000; i++) {
                        assertThat(expression.holds(facts)).contains(true);
                    }
                })
                .isInstanceOf(EvaluationException.class)
                .hasMessageContaining("the expressions of this request take more than 1000000 steps");
        assertThatThrownBy(() -> expression.holds(facts)).hasMessageContaining("1000000 steps");
    }

    @Test
    void patternsOfAPolicy_areBoundedTogether() throws ExpressionException {
        Expressions expressions = new Expressions();

        assertThatThrownBy(() -> {
                    for (int i = 0; i < 1000; i++) {
                        expressions.compile(
                                "client.id.matches('((a?){30}){30}" + i + "')", Purpose.CONDITION, Set.of());
                    }
                })
                .isInstanceOf(ExpressionException.class)
                .hasMessageContaining("the patterns of matches() in this policy are too many");
    }
}
