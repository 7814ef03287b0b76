package dev.tokenservice.api;

import jakarta.inject.Provider;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;

/** Writes the error of each request that passed the gate: whatever is thrown inside Jersey. */
public final class FailureMapper implements ExceptionMapper<Throwable> {

    private final Refusals refusals;

    @Context
    @SuppressWarnings("NullAway.Init") // Jersey's own way of handing over the request.
    private Provider<HttpServletRequest> request;

    public FailureMapper(Refusals refusals) {
        this.refusals = refusals;
    }

    @Override
    public Response toResponse(Throwable failure) {
        ErrorAnswer answer = refusals.answer(failure, RequestContext.of(request.get()));
        Response.ResponseBuilder response = Response.status(answer.status()).entity(answer.body());
        answer.headers().forEach(response::header);
        return response.build();
    }
}
