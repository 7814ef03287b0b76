package dev.tokenservice.signing;

import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.outbound.Deadline;
import dev.tokenservice.signing.pkcs11.HardwareToken;
import dev.tokenservice.signing.pkcs11.TokenException;
import dev.tokenservice.signing.pkcs11.TokenKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Signs with keys in a PKCS#11 token. While the token is lost, it refuses to sign, but still publishes the keys. Thread-safe.
 */
public final class TokenBoundSigner implements TokenSigner {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final LocalSigner signer;
    private final HardwareToken token;
    private final TokenRing ring;

    TokenBoundSigner(LocalSigner signer, HardwareToken token, TokenRing ring) {
        this.signer = signer;
        this.token = token;
        this.ring = ring;
    }

    @Override
    public String sign(Map<String, ?> claims, String algorithm, Deadline deadline) {
        Optional<String> problem = outage();
        if (problem.isPresent()) {
            throw unavailable(problem.get(), null);
        }
        if (!algorithms().contains(algorithm)) {
            throw unavailable("the token has no key for " + algorithm + " that signs", null);
        }
        try {
            return signer.sign(claims, algorithm, deadline);
        } catch (RuntimeException e) {
            TokenException reason = TokenException.among(e).findFirst().orElseThrow(() -> e);
            throw unavailable(String.valueOf(reason.getMessage()), reason);
        }
    }

    private static RefusedException unavailable(String problem, @Nullable Throwable cause) {
        return Refusal.because(ReasonCode.OPERATOR, "the service cannot sign now; try again later")
                .error(OAuthError.TEMPORARILY_UNAVAILABLE)
                .detail("SIGNING_PKCS11: " + problem)
                .remedy("see whether the token can be reached with 'pkcs11-tool --module LIBRARY --list-token-slots'")
                .retryAfter(RETRY_AFTER)
                .cause(cause)
                .exception();
    }

    @Override
    public Optional<String> outage() {
        return ring.problem();
    }

    /** Returns a line for each key that can leave the token, which says how. */
    public List<String> weaknesses() {
        return token.keys().stream()
                .flatMap(key -> key.weakness().stream().map(weakness -> "the key " + key.label() + " " + weakness))
                .toList();
    }

    /** Returns whether a key can be read in the clear with the PIN. */
    public boolean hasReadableKey() {
        return token.keys().stream().anyMatch(TokenKey::isReadable);
    }

    @Override
    public String algorithm() {
        return signer.algorithm();
    }

    @Override
    public List<String> algorithms() {
        return signer.algorithms();
    }

    @Override
    public Optional<RingView> ring() {
        return signer.ring();
    }

    @Override
    public Optional<String> jwksUri() {
        return signer.jwksUri();
    }

    @Override
    public List<Map<String, Object>> publicKeys() {
        return signer.publicKeys();
    }
}
