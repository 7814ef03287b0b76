package dev.tokenservice.health;

import dev.tokenservice.google.CallHistory;

/**
 * Whether STS exchanges tokens. Nothing but a client's request makes an exchange, so that before the first one nothing is
 * known, which is not held against the service.
 */
public final class StsHealthCheck extends CallHealthCheck {

    public StsHealthCheck(CallHistory history) {
        super(history);
    }

    @Override
    Result beforeFirstSuccess() {
        return Result.healthy("no token was exchanged yet");
    }
}
