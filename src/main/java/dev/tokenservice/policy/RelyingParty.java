package dev.tokenservice.policy;

import dev.tokenservice.policy.cel.Expression;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * For whom tokens are made, and in which form.
 *
 * @param name as the policy calls it
 * @param audience the {@code aud} of its tokens
 * @param profile what is known of its kind
 * @param algorithm what its tokens are signed with; empty for the one of the settings
 * @param uploaded whether somebody uploads the keys there, and it fetches none
 * @param tokenValidity how long its tokens are valid at most; empty where it does not say
 * @param subject how their {@code sub} is made
 * @param contents the claims in them that others can do without
 * @param claims further claims in them, by name
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

    /** One that is content with what every token has. */
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

    /** The columns of the row of its client that its subject and claims read. */
    Set<String> columns() {
        Set<String> columns = new TreeSet<>(subject.columns());
        claims.values().forEach(claim -> columns.addAll(claim.columns().getOrDefault(SubjectOwners.ROW, Set.of())));
        return columns;
    }

    /** Whether a claim is in its tokens. */
    public boolean has(TokenContent content) {
        return contents.contains(content);
    }
}
