package dev.tokenservice.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.identity.Attribute;
import dev.tokenservice.identity.ClientAttribute;
import dev.tokenservice.policy.NamePattern.Kind;
import dev.tokenservice.policy.cel.Expression;
import dev.tokenservice.policy.cel.ExpressionException;
import dev.tokenservice.policy.cel.Expressions;
import dev.tokenservice.policy.cel.Facts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * What is not known of a client never gets it anything: where a policy allows a request, it allows it whatever the unknown attributes
 * are. So a deny rule is never skipped that some value would make deny.
 */
class RulesPropertiesTest {

    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private static final Facts.Request REQUEST = new Facts.Request("aws", "aws", List.of(), Attribute.absent());

    private static final List<Attribute<String>> VALUES =
            List.of(Attribute.absent(), Attribute.of("a"), Attribute.of("b"));

    /** Those that fail for some clients are for rules that deny: an allow rule that fails denies what a later one allows. */
    private static final List<Expression> GUARDED = compiled(
            "has(client.cn) && client.cn == 'a'",
            "!has(client.cn)",
            "has(client.cn) ? client.cn != 'b' : has(client.o)",
            "!(has(client.o) && client.o == 'a') || has(client.cn)");

    private static final List<Expression> FAILING = compiled(
            "client.cn == 'a'", "client.o == 'a' || client.cn == 'b'", "1 / client.o.size() > client.cn.size()");

    private static List<Expression> compiled(String... texts) {
        List<Expression> compiled = new ArrayList<>();
        for (String text : texts) {
            try {
                compiled.add(new Expressions().compile(text, Expressions.Purpose.CONDITION, Set.of()));
            } catch (ExpressionException e) {
                throw new IllegalStateException(e);
            }
        }
        return compiled;
    }

    @Provide
    Arbitrary<List<Rule>> rules() {
        Arbitrary<List<MatchTerm>> terms = Combinators.combine(
                        Arbitraries.of(ClientAttribute.CN, ClientAttribute.O), Arbitraries.of("a", "b"))
                .as((attribute, value) -> (MatchTerm)
                        new MatchTerm.OfName(attribute.key(), attribute, List.of(new NamePattern(Kind.EXACT, value))))
                .list()
                .ofMaxSize(2);
        Arbitrary<Optional<Expression>> guarded = Arbitraries.of(GUARDED).optional();
        Arbitrary<Optional<Expression>> any = Arbitraries.oneOf(Arbitraries.of(GUARDED), Arbitraries.of(FAILING))
                .optional();
        Grant grant = new Grant(
                List.of("aws"), Optional.empty(), Optional.empty(), Optional.empty(), Map.of(), Optional.empty());
        Arbitrary<Rule> allows = Combinators.combine(terms, guarded)
                .as((match, when) -> new Rule("allows", match, List.of(), when, Optional.of(grant), "", false));
        Arbitrary<Rule> denies = Combinators.combine(terms, any)
                .as((match, when) -> new Rule("denies", match, List.of(), when, Optional.empty(), "no", false));
        return Arbitraries.oneOf(allows, denies).list().ofMinSize(1).ofMaxSize(4);
    }

    @Property(tries = 3000)
    void unknownAttributes_neverAllow(
            @ForAll("rules") List<Rule> rules, @ForAll boolean knowsCn, @ForAll boolean knowsO) {
        Rules policy = new Rules(rules, false);
        for (Attribute<String> cn : VALUES) {
            for (Attribute<String> o : VALUES) {
                boolean known = allows(policy, cn, o);
                boolean partly = allows(policy, knowsCn ? cn : Attribute.unknown(), knowsO ? o : Attribute.unknown());

                assertThat(partly && !known)
                        .describedAs("allowed with cn %s and o %s only where they are unknown", cn, o)
                        .isFalse();
            }
        }
    }

    private static boolean allows(Rules policy, Attribute<String> cn, Attribute<String> o) {
        Map<ClientAttribute, Attribute<?>> client = Map.of(ClientAttribute.CN, cn, ClientAttribute.O, o);
        return policy.decide(
                        new ClientFacts(attribute -> client.getOrDefault(attribute, Attribute.absent()), Set.of()),
                        REQUEST,
                        NOW)
                .isAllowed();
    }
}
