package dev.tokenservice;

import dev.tokenservice.cryptography.NativeCryptography;
import dev.tokenservice.files.WatchedFiles;
import dev.tokenservice.google.GoogleClients;
import dev.tokenservice.signing.IamSigner;
import dev.tokenservice.signing.IssuerDocuments;
import dev.tokenservice.signing.PolicyParties;
import dev.tokenservice.signing.SignerParts;
import dev.tokenservice.signing.TokenSigner;
import dev.tokenservice.signing.UploadedParties;
import dev.tokenservice.telemetry.ServiceMetrics;
import java.time.Clock;

/** What a service with a configuration publishes, asked without starting it. */
final class PublishedDocuments {

    private PublishedDocuments() {}

    static IssuerDocuments of(TokenServiceConfiguration configuration, Clock clock) {
        if (configuration.signing.makesKeyAtStart(configuration.isIam())) {
            throw new IllegalStateException(
                    "SIGNING_KEYS is not set: a running service has made a key that nobody else knows");
        }
        UploadedParties uploaded = configuration
                .sections()
                .policyParties()
                .map(PolicyParties::uploaded)
                .orElse(UploadedParties.NONE);
        try (GoogleClients google = configuration.google.build(new ServiceMetrics(), clock)) {
            TokenSigner signer = configuration.signing.build(
                    configuration.isIam(),
                    new SignerParts(
                            new WatchedFiles(clock),
                            new NativeCryptography(),
                            clock,
                            configuration.longestValidity(),
                            () -> uploaded),
                    () -> IamSigner.of(
                            configuration.google, google, configuration.google.credentials(google, warning -> {})));
            return IssuerDocuments.of(
                    configuration.token.issuer(),
                    configuration.token.jwksUri(),
                    configuration.token.mtlsTokenEndpoint(),
                    signer);
        }
    }
}
