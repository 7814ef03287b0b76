package dev.tokenservice.api;

import dev.tokenservice.authentication.ClientAuthentication;
import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.telemetry.AuditLog;
import dev.tokenservice.telemetry.AuditTrail;
import dev.tokenservice.telemetry.Exhaustion;
import dev.tokenservice.telemetry.ServiceMetrics;
import jakarta.ws.rs.WebApplicationException;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns every failure into an answer, and, for the token endpoint, into one audit line. */
public final class Refusals {

    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
    private static final int CLIENT_ERROR = 400;
    private static final int SERVER_ERROR = 500;

    /** Statuses of refusals that the client can do something about. */
    private static final Set<Integer> COUNTED = Set.of(400, 401);

    private final ClientAuthentication clients;
    private final RefusalLimit limit;
    private final AuditLog audit;
    private final ServiceMetrics metrics;

    public Refusals(ClientAuthentication clients, RefusalLimit limit, AuditLog audit, ServiceMetrics metrics) {
        this.clients = clients;
        this.limit = limit;
        this.audit = audit;
        this.metrics = metrics;
    }

    ErrorAnswer answer(Throwable failure, RequestContext context) {
        Exhaustion.endIfCausedBy(failure);
        Refusal refusal = context.isForToken() ? record(refusal(failure), context) : refusal(failure);
        // The audit line explains expected failures; any other is a defect, and needs its stack trace.
        if (refusal.isOperatorsToFix() && !(failure instanceof RefusedException)) {
            LOG.atError()
                    .addKeyValue("request_id", context.trail().requestId())
                    .setCause(failure)
                    .log("a request failed unexpectedly");
        }
        return ErrorAnswer.of(refusal, context.externalCredential());
    }

    /** Returns what the client is answered: the refusal, or that there were too many of them. */
    private Refusal record(Refusal refusal, RequestContext context) {
        AuditTrail trail = context.trail();
        clients.notePresented(context.connection(), trail);
        Optional<Refusal> exceeded = isCounted(refusal, context) ? limit.exceeded(refusal, trail) : Optional.empty();
        if (exceeded.isEmpty()) {
            audit.refused(trail, refusal);
        }
        Refusal answer = exceeded.orElse(refusal);
        metrics.refused(answer);
        return answer;
    }

    /** What anybody else has said in a client's name, or what is not the client's fault, is not counted against the client. */
    private boolean isCounted(Refusal refusal, RequestContext context) {
        return context.trail().isVerified()
                && clients.provesClient(context.connection())
                && COUNTED.contains(refusal.status())
                && refusal.reason() != ReasonCode.GOOGLE_REFUSED;
    }

    private static Refusal refusal(Throwable failure) {
        if (failure instanceof RefusedException refused) {
            return refused.refusal();
        }
        if (failure instanceof WebApplicationException httpFailure) {
            int status = httpFailure.getResponse().getStatus();
            if (status >= CLIENT_ERROR && status < SERVER_ERROR) {
                return HttpErrors.refusal(status).build();
            }
        }
        return Refusal.because(ReasonCode.INTERNAL, HttpErrors.description(SERVER_ERROR))
                .detail("an unexpected " + failure.getClass().getName() + ": see the stack trace beside this line")
                .build();
    }
}
