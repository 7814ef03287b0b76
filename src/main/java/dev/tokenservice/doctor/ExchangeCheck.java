package dev.tokenservice.doctor;

import dev.tokenservice.google.GoogleApiException;
import dev.tokenservice.google.StsClient;
import dev.tokenservice.google.WorkloadIdentityProvider;
import dev.tokenservice.oauth.ProviderMetadata;
import dev.tokenservice.outbound.Deadline;
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
                findings.fail(Check.TOKEN_EXCHANGE, e.problem(), e.remedy().orElse("try again later"));
            }
        }
    }
}
