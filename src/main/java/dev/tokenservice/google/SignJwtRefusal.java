package dev.tokenservice.google;

/** Why IAM does not sign for the service's own account, and what the operator can do about it. */
final class SignJwtRefusal {

    static final String ENABLE_API = "enable the IAM Credentials API in the project of the service account:"
            + " gcloud services enable iamcredentials.googleapis.com";

    private SignJwtRefusal() {}

    static GoogleApiException of(GoogleError error, String account) {
        return GoogleApiException.misconfigured("signJwt for " + account + ": " + error, remedy(error, account));
    }

    private static String remedy(GoogleError error, String account) {
        if (error.isApiDisabled()) {
            return ENABLE_API;
        }
        return switch (error.status()) {
            case 401 ->
                "Google refuses the credentials of this service: see whether the service account is enabled and"
                        + " its key neither deleted nor expired";
            case 403 ->
                "let the service account sign: gcloud iam service-accounts add-iam-policy-binding " + account
                        + " --role roles/iam.serviceAccountTokenCreator --member serviceAccount:" + account
                        + " --condition None"
                        + " (as member whoever the credentials belong to)";
            case 404 ->
                "there is no such service account: see whether it was deleted, and whether SERVICE_ACCOUNT is right";
            default ->
                "IAM does not accept the claims: see whether TOKEN_VALIDITY is at most 720 and the clock is right";
        };
    }
}
