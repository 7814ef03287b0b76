package dev.tokenservice;

import dev.tokenservice.policy.Policy;
import dev.tokenservice.policy.RelyingParty;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Summarises a configuration for operators. Holds no secret. */
final class Summary {

    private Summary() {}

    /** The issuer, the flows, the signer, the audiences, and what a policy adds, each by its name. */
    static Map<String, String> of(TokenServiceConfiguration configuration) {
        Map<String, String> summary = new LinkedHashMap<>();
        summary.put("issuer", configuration.token.issuer().orElse("the host of each request"));
        summary.put("flows", String.join(",", configuration.authentication.flows()));
        summary.put("signer", (configuration.isIam() ? "iam " : "local ") + configuration.signing.algorithm());
        summary.put("audiences", audiences(configuration));
        configuration
                .authentication
                .policy(configuration.tokens(Clock.systemUTC()))
                .policyFile(Clock.systemUTC())
                .ifPresent(policy -> add(policy.get(), summary));
        return summary;
    }

    private static void add(Policy policy, Map<String, String> summary) {
        policy.relyingParties()
                .map(parties -> parties.all().stream().map(RelyingParty::name).collect(Collectors.joining(",")))
                .ifPresent(names -> summary.put("relying_parties", names));
        summary.put("generation", policy.generation());
    }

    /** The default first. */
    private static String audiences(TokenServiceConfiguration configuration) {
        String all = Stream.concat(
                        configuration.token.defaultAudience(configuration.provider()).stream(),
                        configuration.token.audiences().stream())
                .distinct()
                .collect(Collectors.joining(","));
        return all.isEmpty() ? "none" : all;
    }

    /**
     * Where a configuration comes from: the file, and the names of the variables that are laid over it.
     *
     * @param file null for the one in the jar
     * @param overriding the names of those variables
     */
    static String source(@Nullable String file, SortedSet<String> overriding) {
        return (file == null ? "config.yml of the jar" : file)
                + (overriding.isEmpty() ? "" : " with " + String.join(",", overriding));
    }
}
