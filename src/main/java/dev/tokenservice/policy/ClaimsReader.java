package dev.tokenservice.policy;

import dev.tokenservice.policy.cel.Expression;
import dev.tokenservice.policy.cel.Expressions.Purpose;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the claims that a policy adds to tokens: their names and expressions. */
final class ClaimsReader {

    /** Names that the service, a standard or a relying party already uses. */
    private static final Set<String> RESERVED = Set.of(
            "iss",
            "sub",
            "aud",
            "exp",
            "nbf",
            "iat",
            "jti",
            "amr",
            "azp",
            "act",
            "may_act",
            "cnf",
            "typ",
            "client",
            "client_id",
            "nonce",
            "auth_time",
            "acr",
            "sid",
            "scope",
            "scp",
            "at_hash",
            "c_hash",
            "events",
            "email_verified",
            "authorization_details");

    private static final String OF_AWS = "https://aws.amazon.com/";
    private static final Pattern NAME = Pattern.compile("[!-~]{1,256}");
    private static final int MAX_CLAIMS = 64;

    private ClaimsReader() {}

    /**
     * Reads claims, and records problems.
     *
     * @param rows the names of the rows that the expressions can read
     * @param expressions reads them
     * @param profiles the profiles of the relying parties whose tokens have these claims
     */
    static Map<String, Expression> read(
            PolicyNode place, Set<String> rows, ExpressionReader expressions, Collection<Profile> profiles) {
        Map<String, Expression> claims = new LinkedHashMap<>();
        Map<String, PolicyNode> members = place.members();
        if (members.size() > MAX_CLAIMS) {
            place.problem("has " + members.size() + " claims, and " + MAX_CLAIMS + " are allowed");
            return claims;
        }
        members.forEach((name, node) -> {
            if (RESERVED.contains(name) || !NAME.matcher(name).matches()) {
                node.problem("the claim " + PolicyProblems.quoted(name)
                        + (RESERVED.contains(name)
                                ? " is reserved: choose another name"
                                : " must be named with 1 to 256 visible ASCII characters"));
            } else if (name.startsWith(OF_AWS) && !profiles.stream().allMatch(Profile.AWS::equals)) {
                node.problem("the claim " + name + " is for relying parties with the profile aws only");
            }
            expressions.read(node, Purpose.CLAIM, rows).ifPresent(expression -> claims.put(name, expression));
        });
        return claims;
    }
}
