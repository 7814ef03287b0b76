package dev.tokenservice.policy;

import dev.tokenservice.identity.ClientIdAttribute;
import java.util.List;
import java.util.Optional;

/**
 * The settings that a policy stands beside.
 *
 * @param clientId the attribute that names clients where the policy does not say how
 * @param clientIdSettings the variables that are set and say the same as {@code clientId}
 * @param trustSettings the variables that are set and say the same as {@code authorities}
 * @param proxySettings the variables that are set and say the same as {@code proxies}
 * @param flows the names of the flows that there are; none where that is not known
 * @param tls whether the service terminates TLS itself; empty where that is not known
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

    /** No setting says the same. */
    public static final PolicyContext NONE = new PolicyContext(
            ClientIdAttribute.SPIFFE_ID,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            Optional.empty(),
            TokenSettings.UNKNOWN);

    /** How a policy would name clients by an attribute. */
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
