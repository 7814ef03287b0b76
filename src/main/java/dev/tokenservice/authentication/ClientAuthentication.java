package dev.tokenservice.authentication;

import dev.tokenservice.telemetry.AuditTrail;

/** Authenticates the client of a request, in the same way for every flow. Safe for use by many threads. */
public final class ClientAuthentication {

    private final Flows flows;
    private final Verification verification;
    private final ClientCertificateAuthenticator authenticator;

    ClientAuthentication(Flows flows, Verification verification, ClientCertificateAuthenticator authenticator) {
        this.flows = flows;
        this.verification = verification;
        this.authenticator = authenticator;
    }

    /** Chooses the flow of a request: to be asked once for each, as it evaluates the proof of the proxy. */
    public ChosenFlow choose(IncomingRequest request) {
        Verification current = verification.current();
        return flows.with(current.policy()).choose(request, current);
    }

    /**
     * Asks the source of the flow for evidence of the client's certificate, and has it verified.
     *
     * @param trail gets what is found out on the way, for the audit line of a refusal as well
     * @throws dev.tokenservice.oauth.RefusedException {@code invalid_client} when there is no evidence, or it is not believed
     */
    public VerifiedClient verify(ChosenFlow chosen, AuditTrail trail) {
        Flow flow = chosen.flow();
        trail.flow(flow.name());
        Evidence evidence = flow.source().evidence(chosen.request());
        trail.seen(evidence.attributes());
        Verification current = chosen.verification();
        trail.generation(current.generation());
        trail.content(current.content());
        VerifiedClient client = current.verify(flow.name(), evidence);
        trail.verified();
        trail.authority(client.authority());
        return client;
    }

    /**
     * Returns whether the refusals of a certificate that was verified on this connection count against it: its path was
     * verified here, the client has its key, or a proxy says so that has proven to be one. Anyone could name a certificate
     * otherwise.
     */
    public boolean provesClient(Connection connection) {
        return flows().provesClient(connection) || verification.verifiesForwarded();
    }

    /**
     * Notes the certificate of the TLS connection for the audit line of a request that was refused before any evidence was
     * asked for. The certificate of a proxy is not that of a client.
     */
    public void notePresented(Connection connection, AuditTrail trail) {
        if (!trail.hasCertificate() && !connection.certificates().isEmpty() && !flows().isProxy(connection)) {
            trail.seen(Evidence.ofConnection(connection).attributes());
        }
    }

    private Flows flows() {
        return flows.with(verification.policy());
    }

    public ClientCertificateAuthenticator authenticator() {
        return authenticator;
    }
}
