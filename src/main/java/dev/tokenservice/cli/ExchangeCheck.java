package dev.tokenservice.cli;

import dev.tokenservice.google.Deadline;
import dev.tokenservice.google.GoogleApiException;
import dev.tokenservice.google.StsClient;
import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.ProviderMetadata;
import dev.tokenservice.oauth.WorkloadIdentityProvider;
import java.util.Locale;
import java.util.Optional;

/** Whether STS exchanges a token of this service, and if not, which of the settings on either side is to blame. */
final class ExchangeCheck {

    private static final String CONDITION = "attribute condition";

    private final Optional<String> issuer;
    private final Optional<WorkloadIdentityProvider> provider;
    private final StsClient sts;

    ExchangeCheck(Optional<String> issuer, Optional<WorkloadIdentityProvider> provider, StsClient sts) {
        this.issuer = issuer;
        this.provider = provider;
        this.sts = sts;
    }

    void run(Optional<SampleToken> token, boolean published, Findings findings) {
        if (provider.isEmpty()) {
            findings.skip("no workload identity provider is configured: nothing is exchanged", Check.TOKEN_EXCHANGE);
        } else if (token.isEmpty()) {
            findings.skip("nothing could be signed", Check.TOKEN_EXCHANGE);
        } else if (issuer.isEmpty()) {
            findings.skip("TOKEN_ISSUER is not set: STS could not know the issuer", Check.TOKEN_EXCHANGE);
        } else if (!published) {
            findings.skip("relying parties do not find the key that signs", Check.TOKEN_EXCHANGE);
        } else {
            exchange(token.get(), provider.get(), issuer.get(), findings);
        }
    }

    private void exchange(SampleToken token, WorkloadIdentityProvider provider, String issuer, Findings findings) {
        try {
            // Dropped at once: that there was one is all that matters.
            sts.exchange(
                    token.value(),
                    provider.resourceName(),
                    ProviderMetadata.CLOUD_PLATFORM,
                    Deadline.after(Deadline.OF_A_REQUEST));
            findings.ok(Check.TOKEN_EXCHANGE, "STS exchanges tokens of " + issuer + " at " + provider.resourceName());
        } catch (GoogleApiException e) {
            if (e.problem().toLowerCase(Locale.ROOT).contains(CONDITION)) {
                findings.ok(
                        Check.TOKEN_EXCHANGE,
                        "STS accepts the token, and the provider's attribute condition keeps out " + SampleToken.SUBJECT
                                + ", as it should");
            } else {
                findings.fail(Check.TOKEN_EXCHANGE, e.problem(), remedy(e, new ProviderCommands(provider), issuer));
            }
        }
    }

    /** STS has few codes: it is the words that tell what does not fit. */
    private static String remedy(GoogleApiException refusal, ProviderCommands commands, String issuer) {
        String words = refusal.problem().toLowerCase(Locale.ROOT);
        if (refusal.error() == OAuthError.TEMPORARILY_UNAVAILABLE) {
            return refusal.remedy().orElse("try again later");
        }
        if (words.contains("invalid_target")) {
            return "correct WORKLOAD_IDENTITY_PROJECT_NUMBER, _POOL_ID or _PROVIDER_ID, or create or enable what they name: "
                    + commands.describe();
        }
        if (words.contains("service_disabled") || words.contains("permission_denied")) {
            return "gcloud services enable sts.googleapis.com";
        }
        if (words.contains("connecting to")) {
            return "let Google read the metadata and the keys without a certificate (clientValidationMode:"
                    + " ALLOW_INVALID_OR_MISSING_CLIENT_CERT), from the internet: curl " + issuer
                    + "/.well-known/openid-configuration";
        }
        if (words.contains("mapp") || words.contains("google.subject") || words.contains("attribute")) {
            return commands.mapping();
        }
        if (words.contains("issuer")) {
            return commands.issuer(issuer);
        }
        if (words.contains("audience")) {
            return commands.audience();
        }
        if (words.contains("stale") || words.contains("future") || words.contains("expired") || words.contains("iat")) {
            return "synchronise the clock: timedatectl set-ntp true, or chronyc makestep";
        }
        if (words.contains("key") || words.contains("jwk") || words.contains("signature")) {
            return "wait until Google has the new keys, which it may keep for some minutes, and see that the provider has no"
                    + " uploaded JWKS: " + commands.describe();
        }
        return "compare the provider with this configuration: " + commands.describe();
    }
}
