package dev.tokenservice.health;

import com.codahale.metrics.health.HealthCheck;
import dev.tokenservice.signing.TokenSigner;

/** Whether somebody publishes the public keys: without them no token of this service can be verified. */
public final class SigningKeyHealthCheck extends HealthCheck {

    private final TokenSigner signer;

    public SigningKeyHealthCheck(TokenSigner signer) {
        this.signer = signer;
    }

    @Override
    protected Result check() {
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
