package dev.tokenservice.authentication;

import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.x509.DeniedCertificates;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** Checks that a verified certificate is valid now and for a little longer, and is not denied. */
final class CertificateStatus {

    /** How far a client's authority may be ahead of this clock: for the start of the validity only. */
    static final Duration CLOCK_SKEW = Duration.ofSeconds(60);

    /** A shorter token is useless, because a token never outlives its certificate. */
    static final Duration MINIMUM_REMAINING = Duration.ofSeconds(60);

    private final Supplier<DeniedCertificates> denied;
    private final Clock clock;

    CertificateStatus(Supplier<DeniedCertificates> denied, Clock clock) {
        this.denied = denied;
        this.clock = clock;
    }

    /** @throws dev.tokenservice.oauth.RefusedException {@code invalid_client} when the certificate does not count */
    void check(ClientCertificate certificate) {
        checkValidity(certificate);
        denied.get().check(certificate);
    }

    private void checkValidity(ClientCertificate certificate) {
        Instant now = clock.instant();
        Optional<Instant> notBefore = certificate.notBefore();
        if (notBefore.isPresent() && notBefore.get().isAfter(now.plus(CLOCK_SKEW))) {
            throw Refusal.because(ReasonCode.NOT_YET_VALID, "the client certificate is not valid yet")
                    .detail("the certificate is valid from " + notBefore.get())
                    .exception();
        }
        Optional<Instant> notAfter = certificate.notAfter();
        if (notAfter.isPresent() && notAfter.get().isBefore(now.plus(MINIMUM_REMAINING))) {
            throw Refusal.because(
                            ReasonCode.EXPIRED,
                            "the client certificate is expired, or expires within " + MINIMUM_REMAINING.toSeconds()
                                    + " seconds: renew it")
                    .detail("the certificate is valid until " + notAfter.get())
                    .exception();
        }
    }
}
