package dev.tokenservice.oauth;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A workload identity provider of Google Cloud, the relying party of tokens that are exchanged at STS.
 *
 * @param url the audience of its ID tokens, {@code https://iam.googleapis.com/projects/…/providers/…}
 */
public record WorkloadIdentityProvider(String url) {

    private static final String SCHEME = "https:";
    private static final Pattern AUDIENCE = Pattern.compile(
            "(?:https:)?//iam\\.[a-z0-9.-]+/projects/[0-9]+/locations/global/workloadIdentityPools/[^/]+"
                    + "/providers/[^/]+");

    /** The provider of a project, pool and name. */
    public static WorkloadIdentityProvider of(
            String universeDomain, String projectNumber, String poolId, String providerId) {
        return new WorkloadIdentityProvider(SCHEME + "//iam." + universeDomain + "/projects/" + projectNumber
                + "/locations/global/workloadIdentityPools/" + poolId + "/providers/" + providerId);
    }

    /** Whether an audience is that of any workload identity provider, with or without the scheme. */
    public static boolean isAudience(String audience) {
        return AUDIENCE.matcher(audience).matches();
    }

    /** The number of the project with the pool. */
    public String projectNumber() {
        return segmentAfter("projects");
    }

    /** The pool. */
    public String poolId() {
        return segmentAfter("workloadIdentityPools");
    }

    /** The provider's name in the pool. */
    public String providerId() {
        return segmentAfter("providers");
    }

    private String segmentAfter(String collection) {
        List<String> segments = List.of(url.split("/", -1));
        return segments.get(segments.indexOf(collection) + 1);
    }

    /** The provider's full resource name, which STS calls its audience: the URL without the scheme. */
    public String resourceName() {
        return url.substring(SCHEME.length());
    }
}
