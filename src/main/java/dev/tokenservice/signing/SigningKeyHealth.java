package dev.tokenservice.signing;

import com.codahale.metrics.health.HealthCheck.Result;

/** Whether somebody publishes the public keys: without them no token of this service can be verified. */
public final class SigningKeyHealth {

    private final TokenSigner signer;

    public SigningKeyHealth(TokenSigner signer) {
        this.signer = signer;
    }

    /** What is known at this moment. */
    public Result look() {
        if (signer.jwksUri().isPresent()) {
            return Result.healthy(
                    "%s, published at %s", signer.algorithm(), signer.jwksUri().get());
        }
        int keys = signer.publicKeys().size();
        return keys == 0
                ? Result.unhealthy("no signing key: put one into the folder of SIGNING_KEYS")
                : Result.healthy("%s, %d published here", signer.algorithm(), keys);
    }
}
