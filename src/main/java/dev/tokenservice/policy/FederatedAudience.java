package dev.tokenservice.policy;

import java.util.regex.Pattern;

/** The audiences of workload identity federation: the full resource name of a provider, with or without {@code https:}. */
final class FederatedAudience {

    private static final String SCHEME = "https:";
    private static final Pattern AUDIENCE = Pattern.compile(
            "(?:https:)?//iam\\.[a-z0-9.-]+/projects/[0-9]+/locations/global/workloadIdentityPools/[^/]+"
                    + "/providers/[^/]+");

    private FederatedAudience() {}

    static boolean matches(String audience) {
        return AUDIENCE.matcher(audience).matches();
    }

    /** Returns the same text for both forms of a provider, and any other audience unchanged. */
    static String canonical(String audience) {
        return matches(audience) && audience.startsWith(SCHEME) ? audience.substring(SCHEME.length()) : audience;
    }
}
