package dev.tokenservice.policy;

import dev.tokenservice.identity.ClientIdAttribute;
import java.util.List;
import java.util.Optional;

/**
 * The settings beside a policy, which it can replace or contradict.
 *
 * @param clientId the attribute that names clients if the policy does not say how
 * @param clientIdSettings the variables that are set and conflict with {@code clientId} of the policy
 * @param trustSettings the variables that are set and conflict with {@code authorities}
 * @param proxySettings the variables that are set and conflict with {@code proxies}
 * @param flows the names of the configured flows; none if they are unknown
 * @param tls whether the service terminates TLS; empty if that is unknown
 * @param tokens the settings of tokens
 */
public record PolicyContext(
        ClientIdAttribute clientId,
        List<String> clientIdSettings,
        List<String> trustSettings,
        List<String> proxySettings,
        List<String> flows,
        Optional<Boolean> tls,
        TokenSettings tokens) {

    /** No settings: nothing is set, and nothing is known. */
    public static final PolicyContext NONE = new PolicyContext(
            ClientIdAttribute.SPIFFE_ID,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            Optional.empty(),
            TokenSettings.UNKNOWN);

    /** Returns the template that names clients by an attribute. */
    public static String template(ClientIdAttribute attribute) {
        String name = switch (attribute) {
            case URI_SAN -> "uris";
            case EMAIL_SAN -> "emails";
            default -> attribute.setting();
        };
        return "{client." + name + "}";
    }

    ClientIdTemplate template() {
        return ClientIdTemplate.parse(template(clientId));
    }
}
