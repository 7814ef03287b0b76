package dev.tokenservice.google;

import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.ExternalAccountCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.auth.oauth2.UserCredentials;

/** What kind of credentials they are, in words. */
final class CredentialsKind {

    private CredentialsKind() {}

    static String of(GoogleCredentials credentials) {
        if (credentials instanceof ComputeEngineCredentials) {
            return "from the metadata server";
        }
        if (credentials instanceof ServiceAccountCredentials) {
            return "service account key";
        }
        if (credentials instanceof ImpersonatedCredentials) {
            return "impersonated service account";
        }
        if (credentials instanceof ExternalAccountCredentials) {
            return "external account";
        }
        return credentials instanceof UserCredentials ? "user credentials" : "of an unknown kind";
    }
}
