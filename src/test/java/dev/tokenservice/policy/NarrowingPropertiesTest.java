package dev.tokenservice.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.identity.Attribute;
import dev.tokenservice.identity.ClientAttribute;
import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.identity.ClientPrincipal;
import dev.tokenservice.identity.Names;
import dev.tokenservice.oauth.Issuer;
import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.oauth.TokenRequest;
import dev.tokenservice.policy.NamePattern.Kind;
import dev.tokenservice.telemetry.AuditTrail;
import dev.tokenservice.telemetry.ServiceMetrics;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Instant;
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

/** Rules only narrow: what a check refuses that is built in, no policy allows. */
class NarrowingPropertiesTest {

    private static final String PROVIDER =
            "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/provider";
    private static final Audiences SETTINGS =
            new Audiences(Optional.of("default"), Optional.of("default"), List.of("other"), Optional.of(PROVIDER));
    private static final List<String> NAMES = List.of("google", "default", "audience-1");
    private static final Set<ReasonCode> OF_THE_CLIENT =
            Set.of(ReasonCode.WRONG_CLIENT_ID, ReasonCode.NO_CLIENT_ID, ReasonCode.MALFORMED_REQUEST);
    private static final ClientPolicy DECISIONS = new ClientPolicy(
            SETTINGS, new RuleEnforcement(new RateLimits(System::nanoTime), Clock.systemUTC(), new ServiceMetrics()));

    @Provide
    Arbitrary<Policy> policies() {
        Arbitrary<List<MatchTerm>> terms = Arbitraries.of(
                List.of(),
                List.of(new MatchTerm.OfRelyingParty(List.of("default"))),
                List.of(new MatchTerm.OfName("cn", ClientAttribute.CN, List.of(new NamePattern(Kind.EXACT, "a")))));
        Grant everything =
                new Grant(NAMES, Optional.empty(), Optional.empty(), Optional.empty(), Map.of(), Optional.empty());
        Arbitrary<Rule> rule = Combinators.combine(
                        terms, Arbitraries.of(true, true, false), Arbitraries.of(true, false))
                .as((match, allows, shadow) -> new Rule(
                        "rule",
                        match,
                        List.of(),
                        Optional.empty(),
                        Optional.of(everything).filter(g -> allows),
                        "no",
                        shadow));
        Arbitrary<Optional<Rules>> rules = Combinators.combine(
                        rule.list().ofMaxSize(4), Arbitraries.of(true, false, false))
                .as((all, shadow) -> new Rules(all, shadow))
                .optional();
        Arbitrary<Optional<RelyingParties>> parties =
                Arbitraries.of(Optional.empty(), Optional.of(SETTINGS.relyingParties()));
        return Combinators.combine(rules, parties)
                .as((all, known) -> new Policy(
                        "generation",
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        known,
                        all,
                        List.of(),
                        Instant.EPOCH));
    }

    @Provide
    Arbitrary<TokenRequest> requests() {
        return Combinators.combine(
                        Arbitraries.of("client", "another", "other", "default").optional(),
                        Arbitraries.of("default", "other", "foreign", PROVIDER).optional(),
                        Arbitraries.of("default", "google", "nobody").optional(),
                        Arbitraries.of(List.<String>of(), List.of("scope")))
                .as((clientId, audience, party, scopes) ->
                        new TokenRequest(clientId, audience, party, scopes, Optional.empty(), false));
    }

    /** Why a request is refused; empty where it is allowed. */
    private static Optional<ReasonCode> refused(TokenRequest request, String clientId, Optional<Policy> policy) {
        ClientCertificate certificate = new ClientCertificate(
                Names.ofAlternatives(Attribute.of(List.of(clientId)), Attribute.absent()),
                Optional.of("A".repeat(43)),
                Optional.of("01"),
                Optional.of(Instant.EPOCH),
                Optional.of(Instant.EPOCH.plusSeconds(1)),
                Set.of());
        try {
            DECISIONS.decide(new AuthenticatedRequest(
                    new ClientPrincipal(clientId, "mtls", "default", certificate),
                    request,
                    new Issuer("https://issuer.example", false),
                    policy,
                    new AuditTrail("r", InetAddress.getLoopbackAddress())));
            return Optional.empty();
        } catch (RefusedException e) {
            return Optional.of(e.refusal().reason());
        }
    }

    @Property(tries = 5000)
    void policy_neverAllowsWhatABuiltInCheckRefuses(
            @ForAll("policies") Policy policy, @ForAll("requests") TokenRequest request, @ForAll boolean isLong) {
        String clientId = isLong ? "client" + "x".repeat(130) : "client";
        Optional<ReasonCode> built = refused(request.withoutRelyingParty(), clientId, Optional.empty());
        Optional<ReasonCode> answer = refused(request, clientId, Optional.of(policy));

        if (request.audience().isPresent() && request.relyingParty().isPresent()) {
            assertThat(answer).contains(ReasonCode.MALFORMED_REQUEST);
        }
        if (request.relyingParty().isEmpty()
                && built.filter(reason -> holds(reason, request)).isPresent()) {
            assertThat(answer).isPresent();
        }
        if (request.clientId().equals(Optional.of("another"))) {
            assertThat(answer).isPresent();
        }
        if (isLong && (isFor(PROVIDER, request.audience()) || isFor("google", request.relyingParty()))) {
            assertThat(answer).isPresent();
        }
    }

    /** With a policy every audience of the settings is a relying party that a client can name, that of the provider too. */
    private static boolean holds(ReasonCode reason, TokenRequest request) {
        return OF_THE_CLIENT.contains(reason) || !isFor(PROVIDER, request.audience());
    }

    private static boolean isFor(String wanted, Optional<String> named) {
        return named.equals(Optional.of(wanted));
    }
}
