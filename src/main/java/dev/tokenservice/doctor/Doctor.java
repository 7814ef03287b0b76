package dev.tokenservice.doctor;

import dev.tokenservice.google.GoogleClients;
import dev.tokenservice.signing.TokenSigner;
import dev.tokenservice.telemetry.ServiceMetrics;
import java.time.Clock;
import java.util.Optional;

/** Runs all checks of a valid configuration, in order. What a check needs comes out of the one before it. */
final class Doctor {

    private final Settings settings;
    private final Clock clock;
    private final Warnings warnings;

    Doctor(Settings settings, Clock clock, Warnings warnings) {
        this.settings = settings;
        this.clock = clock;
        this.warnings = warnings;
    }

    void examine(Findings findings) {
        try (GoogleClients google = settings.google().build(new ServiceMetrics(), clock)) {
            Web web = new Web(google.transport());
            examineMachine(web, findings);
            examineTokens(web, google, findings);
        }
    }

    private void examineMachine(Web web, Findings findings) {
        new TokenSettingsCheck(settings.token(), settings.provider()).run(findings);
        new PortCheck(settings.server(), settings.authentication().tls(), web).run(findings);
        new FileCheck(settings, clock).run(findings);
        new KeyFileCheck(settings).run(findings);
        new ClockCheck(settings, web, clock).run(findings);
    }

    private void examineTokens(Web web, GoogleClients google, Findings findings) {
        Optional<String> issuer = settings.token().issuer();
        Optional<TokenSigner> signer = new SignerCheck(settings, google, warnings).run(findings);
        Optional<SampleToken> token = new SigningCheck(settings, clock).run(signer, findings);
        new DiscoveryCheck(issuer, web).run(signer, findings);
        boolean published = new JwksCheck(settings, web).run(signer, token, findings);
        new ExchangeCheck(issuer, settings.provider(), google.sts()).run(token, published, findings);
    }
}
