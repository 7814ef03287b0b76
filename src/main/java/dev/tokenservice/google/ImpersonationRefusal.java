package dev.tokenservice.google;

import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.Refusal;
import java.time.Duration;
import java.util.Locale;

/** Why IAM gives no access token of a service account, and what the operator or the client can do about it. */
final class ImpersonationRefusal {

    private ImpersonationRefusal() {}

    static Refusal of(GoogleError error, String serviceAccount, Duration lifetime) {
        String detail = "generateAccessToken for " + serviceAccount + ": " + error;
        if (error.isApiDisabled()) {
            return GoogleRefusal.misconfigured(detail, SignJwtRefusal.ENABLE_API);
        }
        if (error.status() != 400) {
            return GoogleRefusal.refused(
                    OAuthError.INVALID_GRANT,
                    "Google does not let this client impersonate the service account: " + error.reason(),
                    detail,
                    "to allow it: gcloud iam service-accounts add-iam-policy-binding " + serviceAccount
                            + " --role roles/iam.workloadIdentityUser --member "
                            + "principal://iam.googleapis.com/projects/"
                            + "NUMBER/locations/global/workloadIdentityPools/POOL/subject/CLIENT_ID");
        }
        if (error.message().toLowerCase(Locale.ROOT).contains("lifetime")) {
            return GoogleRefusal.misconfigured(
                    detail,
                    "lower ACCESS_TOKEN_VALIDITY from "
                            + lifetime.toMinutes() + " to 60, or allow the account in the organisation policy"
                            + " constraints/iam.allowServiceAccountCredentialLifetimeExtension");
        }
        return GoogleRefusal.refused(
                OAuthError.INVALID_SCOPE,
                "Google does not accept the scope: " + error.reason(),
                detail,
                "the client requests a scope that Google does not know");
    }
}
