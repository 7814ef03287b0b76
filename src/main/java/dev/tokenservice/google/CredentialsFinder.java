package dev.tokenservice.google;

import com.google.auth.http.HttpTransportFactory;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.gson.stream.MalformedJsonException;
import dev.tokenservice.files.RegularFile;
import dev.tokenservice.files.UnusableFileException;
import dev.tokenservice.oauth.Quoted;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.outbound.Deadline;
import dev.tokenservice.outbound.GoogleTransport;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the credentials of this process the way every client library of Google's does (AIP-4110), and the service account
 * they act for.
 */
final class CredentialsFinder {

    private static final List<String> SCOPES = List.of("https://www.googleapis.com/auth/cloud-platform");
    private static final int MAX_MEBIBYTES = 1;
    private static final String NONE = "no Google credentials";
    private static final String REMEDY_FOR_NONE = "attach a service account to the Cloud Run service or the"
            + " machine, set GOOGLE_APPLICATION_CREDENTIALS to a credentials file, run `gcloud auth "
            + "application-default"
            + " login`, or set SIGNER=local";

    static final String READABLE_FILE = "set GOOGLE_APPLICATION_CREDENTIALS to a readable Google credentials "
            + "file (service account key, impersonation, external account or authorized user)";

    private final GoogleTransport transport;
    private final @Nullable String file;
    private final @Nullable String serviceAccount;
    private final Consumer<String> warnings;

    CredentialsFinder(
            GoogleTransport transport,
            @Nullable String file,
            @Nullable String serviceAccount,
            Consumer<String> warnings) {
        this.transport = transport;
        this.file = file;
        this.serviceAccount = serviceAccount;
        this.warnings = warnings;
    }

    /**
     * Returns the credentials, after they have given a first token.
     *
     * @throws GoogleCredentialsException when there are none or they cannot be used
     */
    ServiceCredentials find(URI audience, String universeDomain) {
        return checked(find(), audience, universeDomain);
    }

    /** What {@link #find(URI, String)} does with what it found. */
    ServiceCredentials checked(GoogleCredentials found, URI audience, String universeDomain) {
        // The library's own retries wait longer than a request may, and all requests would wait with them.
        GoogleCredentials scoped =
                BoundedCredentials.of(found, transport).createScoped(SCOPES).createWithCustomRetryStrategy(false);
        warnOfOtherUniverse(scoped, universeDomain);
        ServiceCredentials credentials = new ServiceCredentials(
                scoped, SigningAccount.email(scoped, serviceAccount), audience, transport.background());
        try {
            credentials.headers(Deadline.after(transport.limits().total()));
        } catch (RefusedException e) {
            Refusal refusal = e.refusal();
            if (refusal.isOperatorsToFix()) {
                throw new GoogleCredentialsException(
                        refusal.problem().orElse(""), refusal.remedy().orElse(""));
            }
            warnings.accept("the credentials give no token yet; the service issues tokens when they do: "
                    + refusal.detail().orElse(""));
        }
        return credentials;
    }

    private GoogleCredentials find() {
        HttpTransportFactory factory = transport::http;
        if (file == null) {
            return applicationDefault(factory);
        }
        try {
            return read(Path.of(file), factory);
        } catch (UnusableFileException e) {
            throw new GoogleCredentialsException("the credentials file " + e.getMessage(), READABLE_FILE);
        }
    }

    /**
     * Reads the credentials file, as far as that needs nobody's answer.
     *
     * @throws UnusableFileException when there are no credentials in it that can be used with these settings
     */
    void checkFile() {
        if (file != null) {
            Path path = Path.of(file);
            try {
                SigningAccount.email(read(path, transport::http), serviceAccount);
            } catch (GoogleCredentialsException e) {
                throw new UnusableFileException(path, "cannot be used: " + e.getMessage());
            } catch (UnusableFileException e) {
                throw new UnusableFileException(path, e.problem() + ": " + READABLE_FILE);
            }
        }
    }

    private static GoogleCredentials read(Path file, HttpTransportFactory factory) {
        try (InputStream content = new ByteArrayInputStream(RegularFile.bytes(file, MAX_MEBIBYTES))) {
            return GoogleCredentials.fromStream(content, factory);
        } catch (UnusableFileException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new UnusableFileException(file, "cannot be used: " + reason(e));
        }
    }

    /** Returns the parser of the library advises to be lenient. */
    private static String reason(Exception failure) {
        return Stream.<Throwable>iterate(failure, cause -> cause != null, Throwable::getCause)
                        .anyMatch(MalformedJsonException.class::isInstance)
                ? "it is not well-formed JSON"
                : CredentialsFailure.line(failure);
    }

    private static GoogleCredentials applicationDefault(HttpTransportFactory factory) {
        try {
            return GoogleCredentials.getApplicationDefault(factory);
        } catch (IOException | RuntimeException e) {
            String reason = CredentialsFailure.line(e);
            throw reason.startsWith("Error reading credential file")
                    ? new GoogleCredentialsException(reason, READABLE_FILE)
                    : new GoogleCredentialsException(NONE, REMEDY_FOR_NONE);
        }
    }

    private void warnOfOtherUniverse(GoogleCredentials credentials, String universeDomain) {
        try {
            String actual = credentials.getUniverseDomain();
            if (!actual.equals(universeDomain)) {
                warnings.accept("GOOGLE_CLOUD_UNIVERSE_DOMAIN is " + universeDomain
                        + ", but the credentials are of the universe " + Quoted.of(actual) + ": set it to that");
            }
        } catch (IOException e) {
            warnings.accept("the universe domain of the credentials is unknown: " + CredentialsFailure.line(e));
        }
    }
}
