package dev.tokenservice.google;

import dev.tokenservice.oauth.Refusal;

/** Why IAM does not sign for the service's own account, and what the operator can do about it. */
final class SignJwtRefusal {

    static final String ENABLE_API = "enable the IAM Credentials API in the project of the service account:"
            + " gcloud services enable iamcredentials.googleapis.com";

    private SignJwtRefusal() {}

    static Refusal of(GoogleError error, String account) {
        return GoogleRefusal.misconfigured("signJwt for " + account + ": " + error, remedy(error, account));
    }

    private static String remedy(GoogleError error, String account) {
        if (error.isApiDisabled()) {
            return ENABLE_API;
        }
        return switch (error.status()) {
            case 401 ->
                "Google refuses the credentials of this service: check that the service account is enabled, and "
                        + "that its key is neither deleted nor expired";
            case 403 ->
                "let the service account sign: gcloud iam service-accounts add-iam-policy-binding " + account
                        + " --role roles/iam.serviceAccountTokenCreator --member serviceAccount:" + account
                        + " --condition None"
                        + " (the member is the account of the credentials)";
            case 404 ->
                "the service account does not exist: check whether it was deleted, and whether SERVICE_ACCOUNT "
                        + "is correct";
            default ->
                "IAM does not accept the claims: check that TOKEN_VALIDITY is at most 720, and that the clock "
                        + "is correct";
        };
    }
}
