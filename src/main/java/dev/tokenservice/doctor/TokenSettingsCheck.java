package dev.tokenservice.doctor;

import dev.tokenservice.google.WorkloadIdentityProvider;
import dev.tokenservice.token.TokenFactory;
import java.util.Optional;

/** Whether issuer and audience are what relying parties expect. */
final class TokenSettingsCheck {

    private final TokenFactory token;
    private final Optional<WorkloadIdentityProvider> provider;

    TokenSettingsCheck(TokenFactory token, Optional<WorkloadIdentityProvider> provider) {
        this.token = token;
        this.provider = provider;
    }

    void run(Findings findings) {
        token.issuer()
                .ifPresentOrElse(
                        issuer -> checkIssuer(issuer, findings),
                        () -> findings.warn(
                                Check.ISSUER,
                                "TOKEN_ISSUER is not set: the issuer is whatever host a request asks for",
                                "TOKEN_ISSUER=https://token-service.example.com (your own host name), if only for this look"));
        token.defaultAudience(provider)
                .ifPresentOrElse(
                        audience -> checkAudience(audience, findings),
                        () -> findings.warn(
                                Check.AUDIENCE,
                                "no audience is set: tokens are issued to this machine only",
                                "set TOKEN_AUDIENCE, TOKEN_ISSUER, or the three WORKLOAD_IDENTITY_ variables"));
    }

    private static void checkIssuer(String issuer, Findings findings) {
        if (issuer.endsWith("/")) {
            findings.warn(
                    Check.ISSUER,
                    "TOKEN_ISSUER is " + issuer + ", with a slash: relying parties must have registered the slash, too",
                    "TOKEN_ISSUER=" + issuer.substring(0, issuer.length() - 1));
        } else if (issuer.startsWith("http:")) {
            findings.warn(
                    Check.ISSUER,
                    "TOKEN_ISSUER is " + issuer + ": nobody beyond this machine can look it up",
                    "TOKEN_ISSUER=https://token-service.example.com (your own host name)");
        } else {
            findings.ok(Check.ISSUER, issuer);
        }
    }

    private void checkAudience(String audience, Findings findings) {
        Optional<String> other = provider.map(WorkloadIdentityProvider::url)
                .filter(url -> !url.equals(audience) && !audience.equals(url.substring("https:".length())));
        if (other.isPresent()) {
            findings.warn(
                    Check.AUDIENCE,
                    "TOKEN_AUDIENCE is " + audience + ", and STS exchanges tokens for " + other.get()
                            + " only: client libraries that exchange theirs are refused",
                    "unset TOKEN_AUDIENCE, and put " + audience + " into TOKEN_AUDIENCES for those who ask for it");
        } else {
            findings.ok(Check.AUDIENCE, audience);
        }
    }
}
