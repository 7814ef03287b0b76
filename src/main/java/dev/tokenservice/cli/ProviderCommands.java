package dev.tokenservice.cli;

import dev.tokenservice.oauth.WorkloadIdentityProvider;

/** The gcloud commands that show and change a workload identity provider. */
final class ProviderCommands {

    /** What the deployment guide maps; the service has every one of these claims in every token. */
    private static final String MAPPING = "google.subject=assertion.client_id,"
            + "attribute.client_x5_spiffe=assertion.client.x5_spiffe,"
            + "attribute.client_x5_dnssan=assertion.client.x5_dnssan,"
            + "attribute.client_x5_urisan=assertion.client.x5_urisan,"
            + "attribute.client_x5_sha256=assertion.client.x5_sha256,"
            + "attribute.client_x5_serial=assertion.client.x5_serial";

    private final WorkloadIdentityProvider provider;

    ProviderCommands(WorkloadIdentityProvider provider) {
        this.provider = provider;
    }

    String describe() {
        return command("describe");
    }

    String issuer(String issuer) {
        return command("update-oidc") + " --issuer-uri='" + issuer + "'";
    }

    String audience() {
        return command("update-oidc") + " --allowed-audiences='" + provider.url() + "'";
    }

    String mapping() {
        return command("update-oidc") + " --attribute-mapping='" + MAPPING + "'";
    }

    private String command(String verb) {
        return "gcloud iam workload-identity-pools providers " + verb + " " + provider.providerId()
                + " --location=global --workload-identity-pool=" + provider.poolId() + " --project="
                + provider.projectNumber();
    }
}
