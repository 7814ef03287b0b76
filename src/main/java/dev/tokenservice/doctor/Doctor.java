package dev.tokenservice.doctor;

import dev.tokenservice.google.GoogleClients;
import dev.tokenservice.signing.TokenSigner;
import dev.tokenservice.telemetry.ServiceMetrics;
import java.time.Clock;
import java.util.Optional;

/** Runs all checks of a valid configuration, in order. A check uses results of earlier checks. */
final class Doctor {

    private final ConfigurationSections settings;
    private final Optional<String> relyingParty;
    private final Clock clock;

    /**
     * Takes what to check.
     *
     * @param relyingParty the only one that a sample is made for; empty for all of the policy
     */
    Doctor(ConfigurationSections settings, Optional<String> relyingParty, Clock clock) {
        this.settings = settings;
        this.relyingParty = relyingParty;
        this.clock = clock;
    }

    void examine(Findings findings) {
        try (GoogleClients google = settings.google().build(new ServiceMetrics(), clock)) {
            PublicDocuments documents = new PublicDocuments(google.transport());
            examineMachine(documents, findings);
            examineTokens(documents, google, findings);
        }
    }

    private void examineMachine(PublicDocuments documents, Findings findings) {
        SettingsCheck ofSettings = new SettingsCheck(settings);
        ofSettings.run(findings);
        new PortCheck(settings.server(), settings.authentication().tls(), new RunningService(documents)).run(findings);
        new PolicyCheck(settings, documents, clock).run(findings);
        new FileCheck(settings, clock).run(findings);
        new RevocationFetchCheck(settings.policy(clock).policyFile(clock), clock).run(findings);
        ofSettings.runOnKeyFiles(findings);
        new ClockCheck(settings, documents, clock).run(findings);
    }

    private void examineTokens(PublicDocuments documents, GoogleClients google, Findings findings) {
        Optional<String> issuer = settings.token().issuer();
        Optional<TokenSigner> signer = new SignerCheck(settings, google, clock).run(findings);
        Optional<SampleToken> token = new SigningCheck(settings, clock).run(signer, findings);
        new RelyingPartyCheck(settings, relyingParty, clock).run(signer, findings);
        new DiscoveryCheck(issuer, settings.token().jwksUri(), settings.token().mtlsTokenEndpoint(), documents)
                .run(signer, findings);
        boolean published = new JwksCheck(settings, documents).run(signer, token, findings);
        new ExchangeCheck(issuer, settings.provider(), google.sts()).run(token, published, findings);
    }
}
