package dev.tokenservice.policy;

import dev.tokenservice.identity.Attribute;
import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.identity.Names;
import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.oauth.RefusedException;
import java.util.List;
import java.util.Optional;

/**
 * Who vouches for clients, and for which.
 *
 * @param name as the policy calls it
 * @param restrictions which names it may give
 * @param template how its clients are named; empty where the settings say so
 * @param reserved the beginnings of ids that belong to other authorities
 */
public record Authority(
        String name, NameRestrictions restrictions, Optional<ClientIdTemplate> template, List<String> reserved) {

    /** The authority of every client where the policy does not tell authorities apart. */
    public static final String OF_SETTINGS = "default";

    /** The one of a summary that the policy trusts. */
    static final Authority FORWARDED = new Authority(
            "forwarded",
            new NameRestrictions(List.of(), List.of(), List.of(), List.of(), List.of(), List.of()),
            Optional.empty(),
            List.of());

    /** The certificate without the names of the subject, where the authority does not give them. */
    public ClientCertificate vouched(ClientCertificate certificate) {
        if (restrictions.givesSubjects()) {
            return certificate;
        }
        Names names = certificate.names();
        return certificate.with(names.with(Attribute.unknown(), names.issuer()));
    }

    /**
     * The id of a client, where the policy says how it is made.
     *
     * @throws RefusedException {@code invalid_client} where the certificate does not have what is needed
     */
    public Optional<String> clientId(ClientCertificate certificate) {
        return template.map(text -> text.of(certificate, name));
    }

    /**
     * Checks that an id is not one of another authority's clients.
     *
     * @throws RefusedException {@code invalid_client} where it begins as those do
     */
    public void check(String clientId) {
        if (reserved.stream().anyMatch(clientId::startsWith)) {
            throw Refusal.because(ReasonCode.NO_CLIENT_ID, "the certificate has no name that can be the client id")
                    .detail("its id would begin like the ids of another authority: begin the clientId of " + name
                            + " with {client.authority}/")
                    .exception();
        }
    }
}
