package dev.tokenservice.google;

import com.google.auth.ServiceAccountSigner;
import com.google.auth.http.HttpTransportFactory;
import com.google.auth.oauth2.ExternalAccountCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import dev.tokenservice.oauth.EmailAddress;
import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.outbound.Deadline;
import dev.tokenservice.outbound.GoogleTransport;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the credentials of this process the way every client library of Google's does (AIP-4110), and the service account
 * they act for.
 */
final class CredentialsFinder {

    private static final Logger LOGGER = LoggerFactory.getLogger(CredentialsFinder.class);
    private static final List<String> SCOPES = List.of("https://www.googleapis.com/auth/cloud-platform");
    private static final String NONE = "no Google credentials";
    private static final String REMEDY_FOR_NONE = "attach a service account to the Cloud Run service or the"
            + " machine, set GOOGLE_APPLICATION_CREDENTIALS to a credentials file, run `gcloud auth application-default"
            + " login`, or set SIGNER=local";

    private static final String READABLE_FILE = "set GOOGLE_APPLICATION_CREDENTIALS to a readable credentials file of"
            + " Google's (service account key, impersonation, external account or authorized user)";

    private final GoogleTransport transport;
    private final @Nullable String file;
    private final @Nullable String serviceAccount;

    CredentialsFinder(GoogleTransport transport, @Nullable String file, @Nullable String serviceAccount) {
        this.transport = transport;
        this.file = file;
        this.serviceAccount = serviceAccount;
    }

    /**
     * The credentials, after they have given a first token.
     *
     * @throws GoogleCredentialsException when there are none or they cannot be used
     */
    ServiceCredentials find(URI audience, String universeDomain) {
        return checked(find(), audience, universeDomain);
    }

    /** What {@link #find(URI, String)} does with what it found. */
    ServiceCredentials checked(GoogleCredentials found, URI audience, String universeDomain) {
        // The library's own retries wait longer than a request may, and all requests would wait with them.
        GoogleCredentials scoped = found.createScoped(SCOPES).createWithCustomRetryStrategy(false);
        warnOfOtherUniverse(scoped, universeDomain);
        ServiceCredentials credentials =
                new ServiceCredentials(scoped, email(scoped), audience, transport.background());
        try {
            credentials.headers(Deadline.after(transport.limits().total()));
        } catch (GoogleApiException e) {
            if (e.error() == OAuthError.SERVER_ERROR) {
                throw new GoogleCredentialsException(e.problem(), e.remedy().orElse(""));
            }
            LOGGER.warn(
                    "the credentials give no token yet, tokens are issued once they do: {}",
                    e.detail().orElse(""));
        }
        return credentials;
    }

    private GoogleCredentials find() {
        HttpTransportFactory factory = transport::http;
        if (file == null) {
            return applicationDefault(factory);
        }
        try (InputStream content = Files.newInputStream(Path.of(file))) {
            return GoogleCredentials.fromStream(content, factory);
        } catch (NoSuchFileException e) {
            throw unusable(file, "there is no such file");
        } catch (IOException | RuntimeException e) {
            throw unusable(file, ServiceCredentials.line(e));
        }
    }

    private static GoogleCredentials applicationDefault(HttpTransportFactory factory) {
        try {
            return GoogleCredentials.getApplicationDefault(factory);
        } catch (IOException | RuntimeException e) {
            String reason = ServiceCredentials.line(e);
            throw reason.startsWith("Error reading credential file")
                    ? new GoogleCredentialsException(reason, READABLE_FILE)
                    : new GoogleCredentialsException(NONE, REMEDY_FOR_NONE);
        }
    }

    private static GoogleCredentialsException unusable(String file, String reason) {
        return new GoogleCredentialsException(
                "the credentials file " + file + " cannot be used: " + reason, READABLE_FILE);
    }

    private String email(GoogleCredentials credentials) {
        String carried = carriedEmail(credentials);
        if (carried == null && serviceAccount == null) {
            throw new GoogleCredentialsException(
                    "the Google credentials (" + ServiceCredentials.kind(credentials)
                            + ") do not say which service account signs",
                    "set SERVICE_ACCOUNT to the email address of one that they may impersonate"
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
                    "the metadata server does not name the service account (" + ServiceCredentials.line(e) + ")",
                    "attach a service account to the Cloud Run service or the machine");
        }
    }

    private static void warnOfOtherUniverse(GoogleCredentials credentials, String universeDomain) {
        try {
            String actual = credentials.getUniverseDomain();
            if (!actual.equals(universeDomain)) {
                LOGGER.warn(
                        "GOOGLE_CLOUD_UNIVERSE_DOMAIN is {}, but the credentials are of the universe {}: set it to that",
                        universeDomain,
                        actual);
            }
        } catch (IOException e) {
            LOGGER.warn("the universe domain of the credentials is unknown: {}", ServiceCredentials.line(e));
        }
    }
}
