package dev.tokenservice.google;

/**
 * A workload identity provider of Google Cloud, the relying party of tokens that are exchanged at STS.
 *
 * @param url the audience of its ID tokens, {@code https://iam.googleapis.com/projects/…/providers/…}
 */
public record WorkloadIdentityProvider(String url) {

    private static final String SCHEME = "https:";
    /** Returns the provider of a project, pool and name. */
    public static WorkloadIdentityProvider of(
            String universeDomain, String projectNumber, String poolId, String providerId) {
        return new WorkloadIdentityProvider(SCHEME + "//iam." + universeDomain + "/projects/" + projectNumber
                + "/locations/global/workloadIdentityPools/" + poolId + "/providers/" + providerId);
    }

    /** The provider's full resource name, which STS calls its audience: the URL without the scheme. */
    public String resourceName() {
        return url.substring(SCHEME.length());
    }
}
