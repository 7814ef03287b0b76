package dev.tokenservice.policy.cel;

import dev.tokenservice.identity.Attribute;
import dev.tokenservice.identity.ClientAttribute;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The input of an expression.
 *
 * @param client returns an attribute of the client
 * @param now the time of the request
 * @param rows the rows of sets, by their names in the expression and by column
 * @param budget the budget of the decision
 */
public record Facts(
        Function<ClientAttribute, Attribute<?>> client,
        Request request,
        Instant now,
        Map<String, Map<String, String>> rows,
        Budget budget) {

    /** Creates facts with a new budget. */
    public Facts(
            Function<ClientAttribute, Attribute<?>> client,
            Request request,
            Instant now,
            Map<String, Map<String, String>> rows) {
        this(client, request, now, rows, new Budget());
    }

    /**
     * The parameters of the request.
     *
     * @param audience the audience of the token
     * @param relyingParty the name of the relying party with this audience
     * @param scopes the scopes of an access token; empty if none is requested
     * @param serviceAccount the service account to impersonate; absent if none is requested
     */
    public record Request(
            String audience, String relyingParty, List<String> scopes, Attribute<String> serviceAccount) {}
}
