package dev.tokenservice.policy;

import dev.tokenservice.identity.ClientAttribute;
import dev.tokenservice.identity.ClientPrincipal;
import dev.tokenservice.identity.MalformedCertificateException;
import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.x509.CertificateAttributes;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The decision of a policy about one certificate, explained in lines for operators.
 *
 * @param accepted whether the client gets the token
 * @param lines each authority and each rule in the order of the policy, then the decision
 * @param token the content of the token; empty if none would be issued
 */
public record Explanation(boolean accepted, List<String> lines, Optional<Token> token) {

    /** The default flow, which is that of the TLS port. */
    private static final String FLOW = "mtls-client-credentials";

    /**
     * The parameters of the request.
     *
     * @param flow the name of the flow; empty for the TLS port
     * @param scopes the scopes of an access token; empty if none is requested
     */
    public record Asked(
            Optional<String> flow,
            Optional<String> audience,
            Optional<String> relyingParty,
            List<String> scopes,
            Optional<String> serviceAccount) {}

    /** The client and the decision from which a token would be made. */
    public record Token(ClientPrincipal client, Decision decision) {}

    /**
     * Returns the explanation, in the order in which a request is decided.
     *
     * @param presented the certificate of the client, followed by the other certificates that it sends
     * @param context the settings beside the policy
     */
    static Explanation of(
            Policy policy,
            List<X509Certificate> presented,
            Asked asked,
            ClientChecks settings,
            PolicyContext context,
            Instant now) {
        List<String> lines = new ArrayList<>();
        try {
            CertificateAttributes.of(presented.get(0));
            lines.addAll(policy.judgements(presented));
            ClientPrincipal client = new ClientReader(policy, settings)
                    .client(presented, asked.flow().orElse(FLOW));
            lines.add("accepted: authority " + client.authority() + ", client id " + client.clientId());
            for (ClientAttribute attribute : ClientAttribute.values()) {
                lines.add("  client." + attribute.key() + ": " + attribute.of(client));
            }
            return decided(policy, client, asked, context, now, lines);
        } catch (RefusedException e) {
            Refusal refusal = e.refusal();
            lines.add("refused: " + refusal.reason().code() + ": " + refusal.description()
                    + refusal.detail().map(detail -> ": " + detail).orElse(""));
        } catch (MalformedCertificateException e) {
            lines.add("refused: " + ReasonCode.NOT_VERIFIED.code() + ": the client certificate is malformed: "
                    + e.getMessage());
        }
        return new Explanation(false, List.copyOf(lines), Optional.empty());
    }

    private static Explanation decided(
            Policy policy,
            ClientPrincipal client,
            Asked asked,
            PolicyContext context,
            Instant now,
            List<String> lines) {
        TrialRequest request = new TrialRequest(
                ClientFacts.of(client),
                asked.audience(),
                asked.relyingParty(),
                asked.scopes(),
                asked.serviceAccount(),
                now);
        Trial trial = new Trial(policy, context.tokens().audiences());
        TrialAnswer answer = trial.answer(request);
        if (policy.rules().isPresent() || policy.relyingParties().isPresent()) {
            lines.addAll(trial.verdicts(request));
            lines.add(
                    answer.issued()
                            ? "decision: issued" + byRule(answer) + ", subject "
                                    + answer.subject().orElse("")
                            : "decision: refused" + byRule(answer) + ": " + answer.reason());
        }
        Optional<Token> token = answer.decision()
                .filter(decision -> policy.relyingParties().isPresent())
                .map(decision -> new Token(client, decision));
        return new Explanation(answer.issued(), List.copyOf(lines), token);
    }

    private static String byRule(TrialAnswer answer) {
        return answer.rule().map(name -> " by the rule " + name).orElse("");
    }
}
