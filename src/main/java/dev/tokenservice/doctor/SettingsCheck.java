package dev.tokenservice.doctor;

import java.util.List;

/** Whether the settings by themselves are what relying parties expect, and give nothing away. */
final class SettingsCheck {

    private final ConfigurationSections settings;
    private final StartWarnings warnings;

    SettingsCheck(ConfigurationSections settings) {
        this.settings = settings;
        this.warnings = new StartWarnings(settings);
    }

    void run(Findings findings) {
        findings.warnOrElse(warnings.of(CheckName.ISSUER), () -> checkIssuer(findings));
        findings.warnOrElse(
                warnings.of(CheckName.AUDIENCE),
                () -> findings.ok(
                        CheckName.AUDIENCE,
                        settings.token().defaultAudience(settings.provider()).orElse("")));
        findings.warnOrElse(
                warnings.of(CheckName.FLOWS),
                () -> findings.ok(
                        CheckName.FLOWS,
                        String.join(", ", settings.authentication().flows())));
    }

    private void checkIssuer(Findings findings) {
        String issuer = settings.token().issuer().orElse("");
        if (issuer.isEmpty()) {
            findings.warn(
                    CheckName.ISSUER,
                    "TOKEN_ISSUER is not set: the issuer is the host of each request",
                    "TOKEN_ISSUER=https://token-service.example.com (your own host name), at least for this check");
        } else if (issuer.startsWith("http:")) {
            findings.warn(
                    CheckName.ISSUER,
                    "TOKEN_ISSUER is " + issuer + ": only this machine can reach it",
                    "TOKEN_ISSUER=https://token-service.example.com (your own host name)");
        } else {
            findings.ok(CheckName.ISSUER, issuer);
        }
    }

    /** Whether only the service can read the files with private keys. */
    void runOnKeyFiles(Findings findings) {
        List<?> files = new KeyFileWarnings(settings).privateKeys();
        if (files.isEmpty()) {
            findings.skip("no file holds a private key", CheckName.KEY_FILES);
        } else {
            findings.warnOrElse(
                    warnings.of(CheckName.KEY_FILES),
                    () -> findings.ok(
                            CheckName.KEY_FILES,
                            files.size() + " files with private keys, which other users cannot read"));
        }
    }
}
