package dev.tokenservice.api;

import dev.tokenservice.authentication.ClientCertificateFilter;
import dev.tokenservice.authentication.PresentedCertificate;
import dev.tokenservice.identity.ClientPrincipal;
import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.OAuthException;
import dev.tokenservice.telemetry.AuditLog;
import dev.tokenservice.telemetry.Exhaustion;
import dev.tokenservice.telemetry.ServiceMetrics;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.WebApplicationException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns whatever went wrong into an answer, and, for the token endpoint, into one audit line. */
public final class Refusals {

    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
    private static final int CLIENT_ERROR = 400;
    private static final int SERVER_ERROR = 500;

    private final AuditLog audit;
    private final ServiceMetrics metrics;

    public Refusals(AuditLog audit, ServiceMetrics metrics) {
        this.audit = audit;
        this.metrics = metrics;
    }

    /** Answers a failed request. */
    public ErrorAnswer answer(Throwable failure, HttpServletRequest request) {
        Exhaustion.endIfCausedBy(failure);
        OAuthException refusal = refusal(failure);
        boolean externalCredential = false;
        if (request.getAttribute(RequestState.ATTRIBUTE) instanceof RequestState state) {
            externalCredential = state.externalCredential();
            metrics.refused(refusal.error());
            audit.refused(client(request), refusal);
        }
        // What has an explanation is told in the audit line; the rest is a defect, and needs its stack trace.
        if (refusal.status() == SERVER_ERROR && !(failure instanceof OAuthException)) {
            LOG.error("a request failed unexpectedly", failure);
        }
        return ErrorAnswer.of(refusal, externalCredential);
    }

    private static OAuthException refusal(Throwable failure) {
        if (failure instanceof OAuthException refusal) {
            return refusal;
        }
        if (failure instanceof WebApplicationException httpFailure) {
            int status = httpFailure.getResponse().getStatus();
            if (status >= CLIENT_ERROR && status < SERVER_ERROR) {
                return OAuthException.ofStatus(status, HttpErrors.description(status));
            }
        }
        return OAuthException.of(OAuthError.SERVER_ERROR, HttpErrors.description(SERVER_ERROR))
                .withDetail("an unexpected " + failure.getClass().getName() + ": see the stack trace beside this line");
    }

    private static AuditLog.Client client(HttpServletRequest request) {
        return new AuditLog.Client(
                attribute(request, ClientCertificateFilter.FLOW, String.class),
                attribute(request, PresentedCertificate.class.getName(), PresentedCertificate.class)
                        .map(PresentedCertificate::certificate),
                attribute(request, ClientPrincipal.class.getName(), ClientPrincipal.class)
                        .map(ClientPrincipal::clientId));
    }

    private static <T> Optional<T> attribute(HttpServletRequest request, String name, Class<T> type) {
        return Optional.ofNullable(request.getAttribute(name))
                .filter(type::isInstance)
                .map(type::cast);
    }
}
