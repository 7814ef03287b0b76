package dev.tokenservice.doctor;

import dev.tokenservice.google.StsClient;
import dev.tokenservice.google.WorkloadIdentityProvider;
import dev.tokenservice.oauth.ProviderMetadata;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.outbound.Deadline;
import java.util.Locale;
import java.util.Optional;

/** Whether STS exchanges a token of this service, and if not, which of the settings on either side is to blame. */
record ExchangeCheck(Optional<String> issuer, Optional<WorkloadIdentityProvider> provider, StsClient sts) {

    void run(Optional<SampleToken> token, boolean published, Findings findings) {
        if (provider.isEmpty()) {
            findings.skip(
                    "no workload identity provider is configured: nothing is exchanged", CheckName.TOKEN_EXCHANGE);
        } else if (token.isEmpty()) {
            findings.skip("nothing could be signed", CheckName.TOKEN_EXCHANGE);
        } else if (issuer.isEmpty()) {
            findings.skip("TOKEN_ISSUER is not set: STS could not know the issuer", CheckName.TOKEN_EXCHANGE);
        } else if (!published) {
            findings.skip("relying parties cannot find the signing key", CheckName.TOKEN_EXCHANGE);
        } else {
            exchange(token.get(), provider.get(), issuer.get(), findings);
        }
    }

    private void exchange(SampleToken token, WorkloadIdentityProvider provider, String issuer, Findings findings) {
        try {
            // Dropped immediately: only the success matters.
            sts.exchange(
                    token.value(),
                    provider.resourceName(),
                    ProviderMetadata.CLOUD_PLATFORM,
                    Deadline.after(Deadline.OF_A_REQUEST));
            findings.ok(
                    CheckName.TOKEN_EXCHANGE, "STS exchanges tokens of " + issuer + " at " + provider.resourceName());
        } catch (RefusedException e) {
            String problem = e.refusal().problem().orElse("");
            if (problem.toLowerCase(Locale.ROOT).contains("attribute condition")) {
                findings.ok(
                        CheckName.TOKEN_EXCHANGE,
                        "STS accepts the token, and the attribute condition of the provider excludes "
                                + SampleToken.SUBJECT + ", as it should");
            } else {
                findings.fail(
                        CheckName.TOKEN_EXCHANGE, problem, e.refusal().remedy().orElse("try again later"));
            }
        }
    }
}
