package dev.tokenservice.policy;

import dev.tokenservice.identity.Attribute;
import dev.tokenservice.identity.ClientAttribute;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.x509.CertificateFile;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Tests a policy with the cases of a file. Compares each decision with the expectation, and checks that no two clients get
 * the same subject.
 */
public final class PolicyCases {

    private static final String FLOW = "mtls-client-credentials";
    private static final String NO_RULE = "none";

    private final Path policy;
    private final PolicyContext context;
    private final Function<Clock, ClientChecks> checks;
    private final Clock clock;

    /** The policy, by the time of the cases for which it was read. */
    private final Map<Instant, Policy> policies = new HashMap<>();

    /** The client id and case that first got a subject, by relying party and subject. */
    private final Map<List<String>, List<String>> owners = new HashMap<>();

    /**
     * Creates the test. Reads no files yet.
     *
     * @param checks the checks of the settings, for a clock
     */
    public PolicyCases(Path policy, PolicyContext context, Function<Clock, ClientChecks> checks, Clock clock) {
        this.policy = policy;
        this.context = context;
        this.checks = checks;
        this.clock = clock;
    }

    /**
     * Runs all cases.
     *
     * @throws dev.tokenservice.files.UnusableFileException if the policy or the file of cases cannot be used
     */
    public List<CaseResult> run(Path cases) {
        Instant now = clock.instant();
        List<CaseResult> results = new ArrayList<>();
        for (PolicyCase one : PolicyCaseReader.read(cases)) {
            results.add(run(one, one.now().orElse(now)));
        }
        return results;
    }

    private CaseResult run(PolicyCase one, Instant now) {
        Policy read = policies.computeIfAbsent(
                now, time -> new PolicyFile(policy, context, Clock.fixed(time, ZoneOffset.UTC)).withoutFetched());
        try {
            ClientFacts client = client(one, read, now);
            TrialAnswer answer = new Trial(read, context.tokens().audiences())
                    .answer(new TrialRequest(
                            client,
                            one.request().audience(),
                            one.request().relyingParty(),
                            one.request().scopes(),
                            one.request().serviceAccount(),
                            now));
            return result(one, answer, String.valueOf(client.apply(ClientAttribute.ID)));
        } catch (RefusedException e) {
            String reason = e.refusal().detail().orElse(e.refusal().description());
            return result(one, TrialAnswer.refused(Optional.empty(), reason, Optional.empty()), "");
        }
    }

    private ClientFacts client(PolicyCase one, Policy read, Instant now) {
        if (one.certificate().isEmpty()) {
            Map<ClientAttribute, Attribute<?>> known = new HashMap<>(one.client());
            known.putIfAbsent(ClientAttribute.FLOW, Attribute.of(one.flow().orElse(FLOW)));
            return new ClientFacts(attribute -> known.getOrDefault(attribute, Attribute.absent()), Set.of());
        }
        List<X509Certificate> presented = new ArrayList<>();
        one.certificate().forEach(file -> presented.addAll(CertificateFile.certificates(file, new char[0])));
        ClientChecks settings = checks.apply(Clock.fixed(now, ZoneOffset.UTC));
        return ClientFacts.of(
                new ClientReader(read, settings).client(presented, one.flow().orElse(FLOW)));
    }

    private CaseResult result(PolicyCase one, TrialAnswer answer, String id) {
        List<String> differences = new ArrayList<>();
        PolicyCase.Expected expected = one.expected();
        String rule = answer.rule().orElse(NO_RULE);
        String reason = answer.reason().isEmpty() ? "" : " (" + answer.reason() + ")";
        compare("decision", word(expected.allowed()), word(answer.issued()), reason, differences);
        expected.rule().ifPresent(name -> compare("rule", name, rule, reason, differences));
        expected.subject()
                .ifPresent(
                        subject -> compare("subject", subject, answer.subject().orElse("none"), "", differences));
        Map<String, Object> claims = claims(answer, id);
        expected.claims()
                .forEach((name, value) -> compareClaim(name, value, claims.getOrDefault(name, "none"), differences));
        otherOwner(one, answer, id).ifPresent(differences::add);
        return new CaseResult(one.name(), word(answer.issued()), rule, answer.subject(), differences);
    }

    private static String word(boolean allowed) {
        return allowed ? "allow" : "deny";
    }

    private static void compare(String what, String expected, String found, String why, List<String> differences) {
        if (!expected.equals(found)) {
            differences.add(what + ": expected " + expected + ", found " + found + why);
        }
    }

    /** Compares as JSON, because the members of an object have no order. */
    private static void compareClaim(String name, Object expected, Object found, List<String> differences) {
        if (!expected.equals(found)) {
            compare("claim " + name, String.valueOf(expected), String.valueOf(found), "", differences);
        }
    }

    /** Returns the claims that the policy decides. */
    private static Map<String, Object> claims(TrialAnswer answer, String id) {
        Map<String, Object> claims = new LinkedHashMap<>(answer.claims());
        answer.relyingParty()
                .filter(party -> answer.issued() && party.has(TokenContent.CLIENT_ID))
                .ifPresent(party -> claims.put(TokenContent.CLIENT_ID.claim(), id));
        answer.subject().ifPresent(subject -> claims.put("sub", subject));
        answer.relyingParty().ifPresent(party -> claims.put("aud", party.audience()));
        return claims;
    }

    /** Returns the other client with the same subject. A relying party could not distinguish the two. */
    private Optional<String> otherOwner(PolicyCase one, TrialAnswer answer, String id) {
        if (answer.subject().isEmpty()) {
            return Optional.empty();
        }
        String party = answer.relyingParty().map(RelyingParty::name).orElse("");
        List<String> owner = owners.putIfAbsent(List.of(party, answer.subject().get()), List.of(id, one.name()));
        return owner == null || owner.get(0).equals(id)
                ? Optional.empty()
                : Optional.of("the subject " + answer.subject().get() + " already belongs to the client " + owner.get(0)
                        + ", in the case " + owner.get(1));
    }
}
