package dev.tokenservice.google;

import com.google.api.client.http.HttpTransport;
import com.google.auth.mtls.X509Provider;
import com.google.auth.oauth2.AwsCredentials;
import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.ExternalAccountAuthorizedUserCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.IdentityPoolCredentialSource;
import com.google.auth.oauth2.IdentityPoolCredentialSource.CertificateConfig;
import com.google.auth.oauth2.IdentityPoolCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.auth.oauth2.PluggableAuthCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.auth.oauth2.UserCredentials;
import dev.tokenservice.outbound.GoogleTransport;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes credentials use the bounded transport. Most kinds use the transport that they are given;
 * those of an X.509 certificate, of Google Distributed Cloud, of Cloud Shell and of App Engine bring one of their own.
 */
final class BoundedCredentials {

    /** The kinds that ask nobody but over the transport that they are given; an executable is the operator's own. */
    private static final Set<Class<? extends GoogleCredentials>> BOUNDED = Set.of(
            AwsCredentials.class,
            ComputeEngineCredentials.class,
            ExternalAccountAuthorizedUserCredentials.class,
            IdentityPoolCredentials.class,
            ImpersonatedCredentials.class,
            PluggableAuthCredentials.class,
            ServiceAccountCredentials.class,
            UserCredentials.class);

    private BoundedCredentials() {}

    /**
     * The same credentials over our transport.
     *
     * @throws GoogleCredentialsException when they cannot be had over it
     */
    static GoogleCredentials of(GoogleCredentials found, GoogleTransport transport) {
        if (!BOUNDED.contains(found.getClass())) {
            throw new GoogleCredentialsException(
                    "the Google credentials are of a kind that the service does not support ("
                            + found.getClass().getSimpleName() + ")",
                    CredentialsFinder.READABLE_FILE);
        }
        if (!(found instanceof IdentityPoolCredentials pool)) {
            return found;
        }
        @Nullable CertificateConfig certificate = certificate(pool);
        return certificate == null ? found : showing(certificate, pool, transport);
    }

    private static @Nullable CertificateConfig certificate(IdentityPoolCredentials pool) {
        return (Object) pool.getCredentialSource() instanceof IdentityPoolCredentialSource source
                ? source.getCertificateConfig()
                : null;
    }

    /** With a source the library would make its own transport again; the token of that source is asked for by itself. */
    @SuppressWarnings("NullAway") // no source
    private static GoogleCredentials showing(
            CertificateConfig certificate, IdentityPoolCredentials pool, GoogleTransport transport) {
        try {
            HttpTransport bounded =
                    transport.http(new X509Provider(certificate.getCertificateConfigLocation()).getKeyStore());
            return IdentityPoolCredentials.newBuilder(pool)
                    .setCredentialSource(null)
                    .setSubjectTokenSupplier(context -> pool.retrieveSubjectToken())
                    .setHttpTransportFactory(() -> bounded)
                    .build();
        } catch (IOException | GeneralSecurityException e) {
            throw new GoogleCredentialsException(
                    "the certificate of the Google credentials cannot be used: " + CredentialsFailure.line(e),
                    CredentialsFinder.READABLE_FILE);
        }
    }
}
