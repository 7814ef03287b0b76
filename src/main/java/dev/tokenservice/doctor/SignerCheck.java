package dev.tokenservice.doctor;

import dev.tokenservice.cryptography.NativeCryptography;
import dev.tokenservice.files.UnusableFileException;
import dev.tokenservice.files.WatchedFiles;
import dev.tokenservice.google.GoogleClients;
import dev.tokenservice.google.GoogleCredentialsException;
import dev.tokenservice.google.ServiceCredentials;
import dev.tokenservice.signing.IamSigner;
import dev.tokenservice.signing.PolicyParties;
import dev.tokenservice.signing.SignerParts;
import dev.tokenservice.signing.SigningKeyException;
import dev.tokenservice.signing.TokenBoundSigner;
import dev.tokenservice.signing.TokenSigner;
import dev.tokenservice.signing.UploadedParties;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;

/** Whose credentials there are, and whether a signer can be made with them or with local keys. */
final class SignerCheck {

    private static final String NEW_KEY = "java -jar token-service.jar keys generate FOLDER, with SIGNING_KEYS=FOLDER";
    private static final String OTHER_TOKEN =
            "pkcs11-tool --module LIBRARY --list-token-slots, and the commands in docs/keys.md for the keys";

    private final ConfigurationSections settings;
    private final GoogleClients google;
    private final Clock clock;

    SignerCheck(ConfigurationSections settings, GoogleClients google, Clock clock) {
        this.settings = settings;
        this.google = google;
        this.clock = clock;
    }

    Optional<TokenSigner> run(Findings findings) {
        if (!settings.iam()) {
            findings.skip("a local key signs: no Google credentials are needed", CheckName.CREDENTIALS);
            return signer(Optional.empty(), findings);
        }
        Optional<ServiceCredentials> credentials = credentials(findings);
        return credentials.isEmpty() ? Optional.empty() : signer(credentials, findings);
    }

    private Optional<ServiceCredentials> credentials(Findings findings) {
        try {
            ServiceCredentials credentials = settings.google()
                    .credentials(
                            google,
                            warning -> findings.warn(
                                    CheckName.CREDENTIALS,
                                    warning,
                                    "check outbound access to Google's APIs, and run doctor again"));
            String evidence = credentials.kind() + ", signing as " + credentials.email();
            if (credentials.isPersonal()) {
                findings.warn(
                        CheckName.CREDENTIALS,
                        evidence + ": fine for a test, and lost when that user logs out",
                        "attach " + credentials.email() + " to the Cloud Run service or the machine, and unset "
                                + "GOOGLE_APPLICATION_CREDENTIALS and SERVICE_ACCOUNT");
            } else {
                findings.ok(CheckName.CREDENTIALS, evidence);
            }
            return Optional.of(credentials);
        } catch (GoogleCredentialsException e) {
            findings.fail(CheckName.CREDENTIALS, e.problem(), e.remedy());
            return Optional.empty();
        }
    }

    /** A policy that cannot be used is told by another check. */
    private Supplier<UploadedParties> uploaded() {
        UploadedParties parties;
        try {
            parties = settings.policyParties().map(PolicyParties::uploaded).orElse(UploadedParties.NONE);
        } catch (UnusableFileException e) {
            parties = UploadedParties.NONE;
        }
        UploadedParties found = parties;
        return () -> found;
    }

    private Optional<TokenSigner> signer(Optional<ServiceCredentials> credentials, Findings findings) {
        try {
            TokenSigner signer = settings.signing()
                    .build(
                            settings.iam(),
                            new SignerParts(
                                    new WatchedFiles(clock),
                                    new NativeCryptography(),
                                    clock,
                                    settings.longestValidity(),
                                    uploaded()),
                            () -> IamSigner.of(settings.google(), google, credentials.orElseThrow()));
            if (signer instanceof TokenBoundSigner inToken) {
                checkKeys(inToken, findings);
            }
            return Optional.of(signer);
        } catch (SigningKeyException e) {
            findings.fail(
                    CheckName.SIGNING,
                    String.valueOf(e.getMessage()),
                    settings.signing().usesToken() ? OTHER_TOKEN : NEW_KEY);
            return Optional.empty();
        }
    }

    /** A key that was made elsewhere and imported often may leave its token. */
    private static void checkKeys(TokenBoundSigner signer, Findings findings) {
        String weaknesses = String.join(", ", signer.weaknesses());
        String remedy =
                "create another key in the token (docs/keys.md), and delete this one once its tokens have expired";
        if (weaknesses.isEmpty()) {
            findings.ok(CheckName.PKCS11_KEYS, "no key can leave the token");
        } else if (signer.hasReadableKey()) {
            findings.fail(CheckName.PKCS11_KEYS, weaknesses, remedy);
        } else {
            findings.warn(CheckName.PKCS11_KEYS, weaknesses, remedy);
        }
    }
}
