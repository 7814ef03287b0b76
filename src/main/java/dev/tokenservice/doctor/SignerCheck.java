package dev.tokenservice.doctor;

import dev.tokenservice.google.GoogleClients;
import dev.tokenservice.google.GoogleCredentialsException;
import dev.tokenservice.google.ServiceCredentials;
import dev.tokenservice.signing.IamSigner;
import dev.tokenservice.signing.SigningKeyException;
import dev.tokenservice.signing.TokenSigner;
import java.util.Optional;

/** Whose credentials there are, and whether a signer can be made with them or with local keys. */
final class SignerCheck {

    private static final String NEW_KEY =
            "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out FOLDER/1.pem, with SIGNING_KEYS=FOLDER";

    private final Settings settings;
    private final GoogleClients google;
    private final Warnings warnings;

    SignerCheck(Settings settings, GoogleClients google, Warnings warnings) {
        this.settings = settings;
        this.google = google;
        this.warnings = warnings;
    }

    Optional<TokenSigner> run(Findings findings) {
        if (!settings.iam()) {
            findings.skip("a local key signs: no Google credentials are needed", Check.CREDENTIALS);
            return signer(Optional.empty(), findings);
        }
        Optional<ServiceCredentials> credentials = credentials(findings);
        return credentials.isEmpty() ? Optional.empty() : signer(credentials, findings);
    }

    private Optional<ServiceCredentials> credentials(Findings findings) {
        try {
            ServiceCredentials credentials = settings.google().credentials(google);
            String evidence = credentials.kind() + ", signing as " + credentials.email();
            warnings.take()
                    .forEach(warning -> findings.warn(
                            Check.CREDENTIALS,
                            warning,
                            "see that the way out to Google is open, and run doctor again"));
            if (credentials.isPersonal()) {
                findings.warn(
                        Check.CREDENTIALS,
                        evidence + ": good for a try, and gone when that person logs out",
                        "attach " + credentials.email() + " to the Cloud Run service or the machine, and unset "
                                + "GOOGLE_APPLICATION_CREDENTIALS and SERVICE_ACCOUNT");
            } else {
                findings.ok(Check.CREDENTIALS, evidence);
            }
            return Optional.of(credentials);
        } catch (GoogleCredentialsException e) {
            findings.fail(Check.CREDENTIALS, e.problem(), e.remedy());
            return Optional.empty();
        }
    }

    private Optional<TokenSigner> signer(Optional<ServiceCredentials> credentials, Findings findings) {
        try {
            return Optional.of(settings.signing()
                    .build(settings.iam(), () -> IamSigner.of(settings.google(), google, credentials.orElseThrow())));
        } catch (SigningKeyException e) {
            findings.fail(
                    Check.SIGNING,
                    String.valueOf(e.getMessage()),
                    settings.iam() ? "unset SIGNING_ALGORITHM" : NEW_KEY);
            return Optional.empty();
        }
    }
}
