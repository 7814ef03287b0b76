package dev.tokenservice;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tokenservice.configuration.ExitStatus;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.policy.CaseResult;
import dev.tokenservice.policy.ClientChecks;
import dev.tokenservice.policy.Explanation;
import dev.tokenservice.policy.PolicyCases;
import dev.tokenservice.policy.PolicyContext;
import dev.tokenservice.policy.PolicyFile;
import dev.tokenservice.policy.Replay;
import dev.tokenservice.x509.CertificateFile;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What {@code policy explain}, {@code test} and {@code replay} print. */
final class PolicyTrials {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final PolicyContext context;
    private final Function<Clock, ClientChecks> checks;
    private final Clock clock;
    private final PrintStream output;

    /**
     * Takes what the policy stands beside.
     *
     * @param checks what the settings check of clients, at a time
     */
    PolicyTrials(PolicyContext context, Function<Clock, ClientChecks> checks, Clock clock, PrintStream output) {
        this.context = context;
        this.checks = checks;
        this.clock = clock;
        this.output = output;
    }

    /** Explains, and returns whether the client would get the token. */
    boolean explain(Path policy, List<Path> certificates, Explanation.Asked asked) {
        List<X509Certificate> presented = new ArrayList<>();
        certificates.forEach(file -> presented.addAll(CertificateFile.certificates(file, new char[0])));
        Explanation explanation = new PolicyFile(policy, context, clock).explain(presented, asked, checks.apply(clock));
        explanation.lines().forEach(output::println);
        if (explanation.token().isPresent()) {
            return preview(explanation.token().get());
        }
        return explanation.accepted();
    }

    private boolean preview(Explanation.Token token) {
        try {
            TokenPreview preview = TokenPreview.of(token, clock);
            output.println("the token has " + preview.length() + " bytes with a signature of RS256 and 2048 bits:");
            output.println(json(preview.claims()));
            return true;
        } catch (RefusedException e) {
            output.println("refused: " + e.refusal().description());
            return false;
        }
    }

    /** Runs cases, and returns whether all passed. */
    boolean test(Path policy, Path cases, boolean asJson) {
        List<CaseResult> results = new PolicyCases(policy, context, checks, clock).run(cases);
        long failed = results.stream().filter(result -> !result.passed()).count();
        if (asJson) {
            output.println(json(results.stream().map(PolicyTrials::members).toList()));
        } else {
            results.forEach(this::print);
            output.println(results.size() + " cases, " + failed + " failed");
        }
        return failed == 0;
    }

    private void print(CaseResult result) {
        output.printf("%-4s  %-5s  %-24s  %s%n", word(result), result.decision(), result.rule(), result.name());
        result.differences().forEach(difference -> output.println("      " + difference));
    }

    private static String word(CaseResult result) {
        return result.passed() ? "ok" : "FAIL";
    }

    private static Map<String, Object> members(CaseResult result) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("name", result.name());
        members.put("passed", result.passed());
        members.put("decision", result.decision());
        members.put("rule", result.rule());
        result.subject().ifPresent(subject -> members.put("subject", subject));
        members.put("differences", result.differences());
        return members;
    }

    /**
     * Replays audit lines.
     *
     * @throws ExitStatus where a line could not be judged
     */
    void replay(Path audit, Path policy) {
        Replay.Report report = new Replay(new PolicyFile(policy, context, clock).get(), context).read(audit);
        report.changes()
                .forEach((change, count) -> output.printf(
                        "%s  %6d  %-20s  %-24s  %s%n",
                        change.gains() ? "gains" : "loses",
                        count,
                        change.relyingParty(),
                        change.rule(),
                        change.client()));
        output.println(report.judged() + " requests decided, "
                + report.changes().size() + " changes; " + report.others() + " lines that no policy decided");
        report.notJudged().forEach((why, count) -> output.println("could not judge " + count + ": " + why));
        if (!report.notJudged().isEmpty()) {
            output.flush();
            throw new ExitStatus(ExitStatus.NOT_JUDGED);
        }
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts, numbers, lists and maps are JSON", e);
        }
    }
}
