package dev.tokenservice.policy.cel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tokenservice.identity.Attribute;
import dev.tokenservice.identity.ClientAttribute;
import dev.tokenservice.policy.cel.ExpressionException.Problem;
import dev.tokenservice.policy.cel.Expressions.Purpose;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionsTest {

    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private static final Set<String> ROWS = Set.of("device");

    /** Has an id, two DNS names and an end; its organizational unit is unknown, its common name absent. */
    private static Facts facts() {
        Map<ClientAttribute, Attribute<?>> client = new EnumMap<>(ClientAttribute.class);
        client.put(ClientAttribute.ID, Attribute.of("spiffe://factory.example/line/7"));
        client.put(ClientAttribute.DNS, Attribute.of(List.of("a.example", "b.example")));
        client.put(ClientAttribute.URIS, Attribute.absent());
        client.put(ClientAttribute.EMAILS, Attribute.unknown());
        client.put(ClientAttribute.IPS, Attribute.of(List.of("10.1.2.3", "2001:db8::1")));
        client.put(ClientAttribute.CN, Attribute.absent());
        client.put(ClientAttribute.OU, Attribute.unknown());
        client.put(ClientAttribute.NOT_AFTER, Attribute.of(NOW.plusSeconds(7200)));
        return new Facts(
                attribute -> client.getOrDefault(attribute, Attribute.unknown()),
                new Facts.Request("sts.amazonaws.com", "aws", List.of("one", "two"), Attribute.absent()),
                NOW,
                Map.of("device", Map.of("serial", "01", "state", "active", "line", "seven")));
    }

    private static Expression condition(String text) throws ExpressionException {
        return new Expressions().compile(text, Purpose.CONDITION, ROWS);
    }

    private static Object claim(String text) throws ExpressionException {
        return new Expressions().compile(text, Purpose.CLAIM, ROWS).value(facts());
    }

    private static List<Problem> problems(String text, Purpose purpose) {
        return catchThrowableOfType(ExpressionException.class, () -> new Expressions().compile(text, purpose, ROWS))
                .problems();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "client.id.startsWith('spiffe://factory.example/')",
                "device.state == \"active\" && client.notAfter - now > duration('1h')",
                "client.dns.exists(name, name.endsWith('b.example'))",
                "client.uris == []",
                "client.uris.size() == 0",
                "!has(client.cn)",
                "!has(request.serviceAccount)",
                "request.relyingParty == 'aws' && 'two' in request.scopes",
                "ip(client.ips[0]).inNetwork('10.0.0.0/8')",
                "!ip(client.ips[1]).inNetwork('10.0.0.0/8')",
                "ip(client.ips[1]).inNetwork('2001:db8::/32')",
                "client.id.matches('^spiffe://[a-z.]+/line/[0-9]+$')",
                "'line' in device",
                "now.getFullYear() == 2026",
                "client.dns.filter(name, name != 'a.example').size() == 1",
            })
    void condition_holds(String text) throws ExpressionException {
        assertThat(condition(text).holds(facts())).contains(true);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "client.cn == 'x' | client.cn is absent",
                "client.ou == 'x' | client.ou is unknown",
                "client.emails.size() == 0 | client.emails is unknown",
                "client.emails.exists(mail, mail == 'x') | client.emails is unknown",
                "request.serviceAccount == 'x' | request.serviceAccount is absent",
                "device['colour'] == 'red' | colour",
                "ip(client.id).inNetwork('10.0.0.0/8') | ip() needs an IP address",
                "1 / (client.dns.size() - 2) == 1 | / by zero",
                "has(client.cn) ? true : 1 / (client.dns.size() - 2) == 1 | / by zero",
            })
    void condition_failsWhereItReadsWhatIsNotThere(String text, String message) throws ExpressionException {
        Expression expression = condition(text);

        assertThatThrownBy(() -> expression.holds(facts()))
                .isInstanceOf(EvaluationException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "->",
            value = {
                "has(client.ou) -> unknown",
                "!has(client.ou) -> unknown",
                "has(client.ou) && client.ou == 'x' -> unknown",
                "!(has(client.ou) && client.ou == 'x') || has(client.o) -> unknown",
                "has(client.ou) || request.relyingParty == 'aws' -> true",
                "has(client.ou) && request.relyingParty == 'gcp' -> false",
                "client.ou == 'x' || request.relyingParty == 'aws' -> true",
                "client.ou == 'x' && request.relyingParty == 'gcp' -> false",
            })
    void condition_isUnknownWhereItDependsOnAnUnknownAttribute(String text, String expected)
            throws ExpressionException {
        Optional<Boolean> holds = condition(text).holds(facts());

        assertThat(holds.map(String::valueOf).orElse("unknown")).isEqualTo(expected);
    }

    @Test
    void claim_hasEveryTypeOfJson() throws ExpressionException {
        assertThat(claim("client.id")).isEqualTo("spiffe://factory.example/line/7");
        assertThat(claim("client.dns.size()")).isEqualTo(2L);
        assertThat(claim("has(client.cn)")).isEqualTo(false);
        assertThat(claim("client.dns")).isEqualTo(List.of("a.example", "b.example"));
        assertThat(claim("{}")).isEqualTo(Map.of());
        assertThat(claim("device")).isEqualTo(Map.of("serial", "01", "state", "active", "line", "seven"));
        assertThat(claim("has(client.ou) ? client.ou : 'none'")).isEqualTo("none");
        assertThat(claim("{'principal_tags': {'line': [device.line]}, 'transitive_tag_keys': ['line'], 'n': 1}"))
                .isEqualTo(Map.of(
                        "principal_tags", Map.of("line", List.of("seven")),
                        "transitive_tag_keys", List.of("line"),
                        "n", 1L));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1.5]", "{'a': now}", "[null]", "[b'x']", "[1u]"})
    void claim_withoutCounterpartInJson_fails(String text) throws ExpressionException {
        Expression expression = new Expressions().compile(text, Purpose.CLAIM, ROWS);

        assertThatThrownBy(() -> expression.value(facts())).isInstanceOf(EvaluationException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "client.spife == 'x' | 6 | client.spife is unknown; known: id, ",
                "client.spife == 'x' | 6 | did you mean spiffe?",
                "request.scope == [] | 7 | did you mean scopes?",
                "1 + | 3 | ",
                "client.id == 1 | 10 | no matching overload",
                "client.id | 0 | must be true or false",
                "clinet.id == 'x' | 0 | clinet is unknown",
                "'x'.matches(client.id) | 18 | must be a literal text",
                "client.id.matches('x(') | 18 | is not RE2",
                "client.id.matches('(?=x)') | 18 | is not RE2",
                "ip('10.0.0.1').inNetwork('10.0.0.1/8') | 25 | must be a network",
                "client.dns.exists(a, client.dns.exists(b, a == b)) | 38 | must not be within another",
                "client.dns.exists(a, has(client.cn)) | 24 | must not be within another",
                "client == client | 0 | only single attributes",
                "dyn(client).foo == 1 | 4 | only single attributes",
                "type(request) == type(1) | 5 | only single attributes",
            })
    void problem_saysWhatAndWhere(String text, int offset, String what) {
        assertThat(problems(text, Purpose.CONDITION)).anySatisfy(problem -> {
            assertThat(problem.what()).contains(what == null ? "" : what);
            assertThat(problem.offset()).isEqualTo(offset);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.5", "now", "b'x'", "null", "1u", "{1: 2}", "dyn(client.id)", "type(1)"})
    void claim_ofAnotherType_isRefused(String text) {
        assertThat(problems(text, Purpose.CLAIM))
                .singleElement()
                .satisfies(problem -> assertThat(problem.what()).contains("a claim must be of type"));
    }

    @Test
    void limits_hold() throws ExpressionException {
        String many = IntStream.range(0, 200).mapToObj(i -> "client.id != 'x'").collect(Collectors.joining(" && "));
        assertThat(condition(many).holds(facts())).contains(true);

        assertThat(problems("client.id == '" + "x".repeat(4096) + "'", Purpose.CONDITION))
                .extracting(Problem::what)
                .containsExactly("an expression has at most 4096 characters");
        assertThat(Stream.of("(".repeat(40) + "true" + ")".repeat(40), "1" + "+1".repeat(40) + " == 1"))
                .allSatisfy(text -> assertThat(problems(text, Purpose.CONDITION))
                        .extracting(Problem::what)
                        .anySatisfy(what -> assertThat(what).contains("more than 32 levels deep")));
        Expression loop = condition("'%s'.size() > 0 && [%s].all(i, i >= 0)".formatted("x", "0, ".repeat(1001) + "0"));
        assertThatThrownBy(() -> loop.holds(facts())).isInstanceOf(EvaluationException.class);
    }

    @Test
    void reads_areKnown() throws ExpressionException {
        Expression expression = condition("device.state == 'a' || device['line'] == client.id || has(client.ou)");

        assertThat(expression.columns()).isEqualTo(Map.of("device", Set.of("state", "line")));
        assertThat(expression.attributes()).containsExactlyInAnyOrder("id", "ou");
    }
}
