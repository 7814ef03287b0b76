package dev.tokenservice.signing;

import com.codahale.metrics.health.HealthCheck.Result;
import java.util.Optional;

/** Health check: whether tokens can be signed, and the public keys are published. Without them, no token can be verified. */
public final class SigningKeyHealth {

    private final TokenSigner signer;

    public SigningKeyHealth(TokenSigner signer) {
        this.signer = signer;
    }

    /** Returns unhealthy if no token can be signed, or no key is published. */
    public Result look() {
        Optional<String> outage = signer.outage();
        if (outage.isPresent()) {
            return Result.unhealthy("no token can be signed: %s", outage.get());
        }
        if (signer.jwksUri().isPresent()) {
            return Result.healthy(
                    "%s, published at %s", signer.algorithm(), signer.jwksUri().get());
        }
        int published = signer.publicKeys().size();
        if (published == 0 || signer.algorithms().stream().noneMatch(signer.algorithm()::equals)) {
            return Result.unhealthy(
                    "no %s key signs: put one into the folder of SIGNING_KEYS with 'keys generate'",
                    signer.algorithm());
        }
        return Result.healthy("%s, keys published: %d%s", String.join(" and ", signer.algorithms()), published, next());
    }

    private String next() {
        return signer.ring()
                .flatMap(ring -> ring.next(signer.algorithm()))
                .map(change -> "; the next key is " + change.to().label() + " at " + change.at())
                .orElse("");
    }
}
