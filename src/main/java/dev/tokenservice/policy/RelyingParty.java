package dev.tokenservice.policy;

import dev.tokenservice.policy.cel.Expression;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A relying party, and the form of its tokens.
 *
 * @param name its name in the policy
 * @param audience the {@code aud} of its tokens
 * @param profile its kind, with the known limits
 * @param algorithm the JWS algorithm of its tokens; empty for that of the settings
 * @param uploaded whether the operator uploads the keys, because it does not fetch them
 * @param tokenValidity the longest lifetime of its tokens; empty if it sets none
 * @param subject the template of their {@code sub}
 * @param contents the optional claims in its tokens
 * @param claims further claims in its tokens, by name
 */
public record RelyingParty(
        String name,
        String audience,
        Profile profile,
        Optional<String> algorithm,
        boolean uploaded,
        Optional<Duration> tokenValidity,
        SubjectTemplate subject,
        Set<TokenContent> contents,
        Map<String, Expression> claims) {

    public RelyingParty {
        contents = Set.copyOf(contents);
    }

    /** Returns a relying party with default settings. */
    public static RelyingParty of(String name, String audience, Profile profile) {
        return new RelyingParty(
                name,
                audience,
                profile,
                Optional.empty(),
                false,
                Optional.empty(),
                SubjectTemplate.CLIENT_ID,
                TokenContent.all(),
                Map.of());
    }

    /** Returns the columns of the client's row that its subject and claims read. */
    Set<String> columns() {
        Set<String> columns = new TreeSet<>(subject.columns());
        claims.values().forEach(claim -> columns.addAll(claim.columns().getOrDefault(SubjectOwners.ROW, Set.of())));
        return columns;
    }

    /** Returns whether its tokens have an optional claim. */
    public boolean has(TokenContent content) {
        return contents.contains(content);
    }
}
