package dev.tokenservice.policy.cel;

import dev.tokenservice.identity.Attribute;
import dev.tokenservice.identity.ClientAttribute;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What an expression is about.
 *
 * @param client what is known of an attribute of the client
 * @param now the one instant of the request
 * @param rows the rows of sets by their names in the expression, each by column
 * @param budget of the decision
 */
public record Facts(
        Function<ClientAttribute, Attribute<?>> client,
        Request request,
        Instant now,
        Map<String, Map<String, String>> rows,
        Budget budget) {

    /** Facts with a budget of their own. */
    public Facts(
            Function<ClientAttribute, Attribute<?>> client,
            Request request,
            Instant now,
            Map<String, Map<String, String>> rows) {
        this(client, request, now, rows, new Budget());
    }

    /**
     * What the client asks for.
     *
     * @param audience of the token
     * @param relyingParty the name of the one that has the audience
     * @param scopes of an access token; empty where the client asks for none
     * @param serviceAccount to be impersonated; absent where the client asks for none
     */
    public record Request(
            String audience, String relyingParty, List<String> scopes, Attribute<String> serviceAccount) {}
}
