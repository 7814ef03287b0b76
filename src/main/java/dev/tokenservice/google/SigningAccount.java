package dev.tokenservice.google;

import com.google.auth.ServiceAccountSigner;
import com.google.auth.oauth2.ExternalAccountCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import dev.tokenservice.oauth.EmailAddress;
import org.jspecify.annotations.Nullable;

/** Which service account signs: the one that the credentials carry, or the one of the settings. */
final class SigningAccount {

    private SigningAccount() {}

    /**
     * Returns the email address of the account.
     *
     * @param serviceAccount the setting SERVICE_ACCOUNT
     * @throws GoogleCredentialsException where neither names one, or each another one
     */
    static String email(GoogleCredentials credentials, @Nullable String serviceAccount) {
        String carried = carriedEmail(credentials);
        if (carried == null && serviceAccount == null) {
            throw new GoogleCredentialsException(
                    "the Google credentials (" + CredentialsKind.of(credentials)
                            + ") do not say which service account signs",
                    "set SERVICE_ACCOUNT to the email address of a service account that they may impersonate"
                            + " (roles/iam.serviceAccountTokenCreator on it)");
        }
        if (carried != null && serviceAccount != null && !carried.equals(serviceAccount)) {
            throw new GoogleCredentialsException(
                    "SERVICE_ACCOUNT is " + serviceAccount + ", but the Google credentials are those of " + carried,
                    "unset SERVICE_ACCOUNT");
        }
        String email = carried == null ? serviceAccount : carried;
        if (email == null || !EmailAddress.isValid(email)) {
            throw new GoogleCredentialsException(
                    "the Google credentials do not carry the email address of a service account",
                    "set SERVICE_ACCOUNT");
        }
        return email;
    }

    private static @Nullable String carriedEmail(GoogleCredentials credentials) {
        if (credentials instanceof ExternalAccountCredentials external) {
            return external.getServiceAccountEmail();
        }
        if (!(credentials instanceof ServiceAccountSigner signer)) {
            return null;
        }
        try {
            return signer.getAccount();
        } catch (RuntimeException e) {
            throw new GoogleCredentialsException(
                    "the metadata server does not name the service account (" + CredentialsFailure.line(e) + ")",
                    "attach a service account to the Cloud Run service or the machine");
        }
    }
}
