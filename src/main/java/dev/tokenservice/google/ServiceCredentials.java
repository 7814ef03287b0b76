package dev.tokenservice.google;

import com.google.api.client.http.HttpResponseException;
import com.google.auth.RequestMetadataCallback;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.UserCredentials;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.outbound.Deadline;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * The identity of this process at Google: a service account and its credentials. Safe for many threads.
 *
 * <p>Tokens are fetched in the background and renewed before they expire; a request waits for one no longer than its deadline,
 * however long the library that fetches it would.
 */
public final class ServiceCredentials {

    private static final String AUTHORIZATION = "Authorization";
    private static final int UNAUTHORIZED = 401;

    /** With the domain of a Google Workspace before it, where it has one. */
    private static final Pattern PROJECT_ID = Pattern.compile("(?:[a-z0-9.-]{1,253}:)?[a-z][a-z0-9-]{0,62}");

    private final GoogleCredentials credentials;
    private final String email;
    private final URI audience;
    private final ExecutorService background;

    /** A call with the headers that authorize it. */
    interface AuthorizedCall<T> {

        T run(Map<String, List<String>> headers) throws IOException;
    }

    ServiceCredentials(GoogleCredentials credentials, String email, URI audience, ExecutorService background) {
        this.credentials = credentials;
        this.email = email;
        this.audience = audience;
        this.background = background;
    }

    /** Returns the email address of the service account that signs. */
    public String email() {
        return email;
    }

    /** What kind of credentials they are, in words. */
    public String kind() {
        return CredentialsKind.of(credentials);
    }

    /** Returns whether they are user credentials, which are lost when that user leaves, or logs out. */
    public boolean isPersonal() {
        return credentials instanceof UserCredentials;
    }

    /**
     * Returns the project that the credentials belong to, where they or the metadata server know; asks that, and may take a
     * while.
     */
    public Optional<String> projectId() {
        try {
            return Optional.ofNullable(credentials.getProjectId())
                    .filter(id -> PROJECT_ID.matcher(id).matches());
        } catch (RuntimeException e) {
            // The library stumbles over a metadata server that does not answer; nothing depends on the project.
            return Optional.empty();
        }
    }

    /**
     * Runs a call with a current token, and once more with a new one if Google does not accept that: Google can revoke a
     * token early.
     *
     * @throws RefusedException when there is no token to be had
     */
    <T> T authorize(Deadline deadline, AuthorizedCall<T> call) throws IOException {
        Map<String, List<String>> headers = headers(deadline);
        try {
            return call.run(headers);
        } catch (HttpResponseException e) {
            if (e.getStatusCode() != UNAUTHORIZED) {
                throw e;
            }
            return call.run(renewedHeaders(headers, deadline));
        }
    }

    private Map<String, List<String>> renewedHeaders(Map<String, List<String>> refused, Deadline deadline) {
        if (Objects.equals(headers(deadline).get(AUTHORIZATION), refused.get(AUTHORIZATION))) {
            await(CompletableFuture.runAsync(this::refresh, background), deadline);
        }
        return headers(deadline);
    }

    private void refresh() {
        try {
            credentials.refresh();
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    /** Returns immediately while the token is fresh. */
    Map<String, List<String>> headers(Deadline deadline) {
        CompletableFuture<Map<String, List<String>>> headers = new CompletableFuture<>();
        credentials.getRequestMetadata(audience, background, new RequestMetadataCallback() {
            @Override
            public void onSuccess(Map<String, List<String>> metadata) {
                headers.complete(metadata);
            }

            @Override
            public void onFailure(Throwable failure) {
                headers.completeExceptionally(failure);
            }
        });
        return await(headers, deadline);
    }

    private static <T> T await(CompletableFuture<T> future, Deadline deadline) {
        try {
            return future.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new RefusedException(CredentialsFailure.refusal(e.getCause() == null ? e : e.getCause()));
        } catch (TimeoutException e) {
            throw GoogleRefusal.unavailable("credentials: no token in time")
                    .cause(e)
                    .exception();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw GoogleRefusal.unavailable("credentials: interrupted").cause(e).exception();
        }
    }
}
