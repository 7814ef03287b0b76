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
 * An authority that vouches for clients, and the names that it may give them.
 *
 * @param name its name in the policy
 * @param restrictions the names that it may give
 * @param template how its clients are named; empty if the settings decide
 * @param reserved the prefixes of client ids that belong to other authorities
 */
public record Authority(
        String name, NameRestrictions restrictions, Optional<ClientIdTemplate> template, List<String> reserved) {

    /** The authority of every client if the policy has no authorities. */
    public static final String OF_SETTINGS = "default";

    /** The authority of clients with a trusted summary in place of a certificate. */
    static final Authority FORWARDED = new Authority(
            "forwarded",
            new NameRestrictions(List.of(), List.of(), List.of(), List.of(), List.of(), List.of()),
            Optional.empty(),
            List.of());

    /** Returns the certificate, without the names of the subject if the authority does not vouch for them. */
    public ClientCertificate vouched(ClientCertificate certificate) {
        if (restrictions.givesSubjects()) {
            return certificate;
        }
        Names names = certificate.names();
        return certificate.with(names.with(Attribute.unknown(), names.issuer()));
    }

    /**
     * Returns the id of a client; empty if the policy does not say how clients are named.
     *
     * @throws RefusedException {@code invalid_client} if the certificate lacks an attribute of the id
     */
    public Optional<String> clientId(ClientCertificate certificate) {
        return template.map(text -> text.of(certificate, name));
    }

    /**
     * Checks that an id does not belong to another authority.
     *
     * @throws RefusedException {@code invalid_client} if it has a reserved prefix
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
