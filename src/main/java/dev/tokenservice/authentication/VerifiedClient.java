package dev.tokenservice.authentication;

import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.policy.Authority;
import dev.tokenservice.policy.Policy;
import java.util.Optional;

/**
 * A client whose certificate {@link Verification} believes: only that class makes one, and no flow can make one.
 */
public final class VerifiedClient {

    private final String flow;
    private final Optional<Policy> policy;
    private final Optional<Authority> authority;
    private final ClientCertificate certificate;

    VerifiedClient(String flow, Optional<Policy> policy, Optional<Authority> authority, ClientCertificate certificate) {
        this.flow = flow;
        this.policy = policy;
        this.authority = authority;
        this.certificate = authority.isPresent() ? authority.get().vouched(certificate) : certificate;
    }

    public String flow() {
        return flow;
    }

    /** Returns the policy by which it was verified, if one is set. */
    public Optional<Policy> policy() {
        return policy;
    }

    public String authority() {
        return authority.map(Authority::name).orElse(Authority.OF_SETTINGS);
    }

    /** Returns the id of the client: as the policy names the clients of its authority, else as the settings do. */
    String clientId(ClientIds settings) {
        if (authority.isEmpty()) {
            return settings.of(certificate);
        }
        String id = authority.get().clientId(certificate).orElseGet(() -> settings.of(certificate));
        authority.get().check(id);
        return id;
    }

    public ClientCertificate certificate() {
        return certificate;
    }
}
