package dev.tokenservice.authentication;

import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.identity.ClientIdAttribute;
import dev.tokenservice.identity.ClientPrincipal;
import dev.tokenservice.identity.MalformedCertificateException;
import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.OAuthException;
import dev.tokenservice.x509.DeniedCertificates;
import io.dropwizard.auth.Authenticator;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Turns a verified certificate into a principal: it must be valid now, for a little longer, not be denied, and name its client.
 *
 * <p>A refusal is an {@link OAuthException} and not an empty answer, because a client must learn which of these it was.
 */
public final class ClientCertificateAuthenticator implements Authenticator<PresentedCertificate, ClientPrincipal> {

    /** How far a client's authority may be ahead of this clock: for the start of the validity only. */
    static final Duration CLOCK_SKEW = Duration.ofSeconds(60);

    /** A token that lives shorter is of no use, as it never outlives its certificate. */
    static final Duration MINIMUM_REMAINING = Duration.ofSeconds(60);

    private final ClientIdAttribute clientIdAttribute;
    private final Supplier<DeniedCertificates> denied;
    private final Clock clock;

    /**
     * Takes the attribute that names clients.
     *
     * @param denied the certificates that are revoked now
     */
    ClientCertificateAuthenticator(
            ClientIdAttribute clientIdAttribute, Supplier<DeniedCertificates> denied, Clock clock) {
        this.denied = denied;
        this.clientIdAttribute = clientIdAttribute;
        this.clock = clock;
    }

    @Override
    public Optional<ClientPrincipal> authenticate(PresentedCertificate presented) {
        ClientCertificate certificate = presented.certificate();
        checkValidity(certificate);
        denied.get().check(certificate);
        try {
            String clientId = clientIdAttribute.clientId(certificate);
            return Optional.of(new ClientPrincipal(clientId, presented.flow(), certificate));
        } catch (MalformedCertificateException e) {
            throw OAuthException.of(OAuthError.INVALID_CLIENT, String.valueOf(e.getMessage()))
                    .withDetail("MTLS_HEADER_CLIENT_ID makes the " + clientIdAttribute
                            + " the client id: issue certificates "
                            + "with exactly one (with several SPIFFE IDs none counts), see that the load balancer sends "
                            + "its header, or name the header of another attribute")
                    .withCause(e);
        }
    }

    private void checkValidity(ClientCertificate certificate) {
        Instant now = clock.instant();
        certificate.notBefore().filter(now.plus(CLOCK_SKEW)::isBefore).ifPresent(notBefore -> {
            throw OAuthException.of(OAuthError.INVALID_CLIENT, "the client certificate is not valid yet")
                    .withDetail("it is valid from " + notBefore);
        });
        certificate.notAfter().filter(now.plus(MINIMUM_REMAINING)::isAfter).ifPresent(notAfter -> {
            throw OAuthException.of(
                            OAuthError.INVALID_CLIENT,
                            "the client certificate is expired, or expires within " + MINIMUM_REMAINING.toSeconds()
                                    + " seconds: renew it")
                    .withDetail("it is valid until " + notAfter);
        });
    }
}
