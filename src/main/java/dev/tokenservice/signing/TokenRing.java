package dev.tokenservice.signing;

import dev.tokenservice.signing.pkcs11.HardwareToken;
import dev.tokenservice.signing.pkcs11.TokenKey;
import dev.tokenservice.signing.pkcs11.TokenProvider;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ring of the keys in a PKCS#11 token, which follows changes of the keys. If they become unusable, the last ring stays,
 * so that tokens can still be verified. Thread-safe.
 */
final class TokenRing implements Supplier<KeyRing> {

    private static final Logger LOG = LoggerFactory.getLogger(TokenRing.class);

    private final HardwareToken token;
    private final TokenKeys keys;
    private volatile Judged judged;

    /** The ring of these keys. If they have a problem, it is the previous ring. */
    private record Judged(List<TokenKey> keys, KeyRing ring, Optional<String> problem) {}

    /**
     * Reads the keys of the token.
     *
     * @throws IllegalArgumentException with the reason, if no key can sign, or several could
     */
    TokenRing(HardwareToken token, Optional<String> object) {
        this.token = token;
        this.keys = new TokenKeys(object, new TokenProvider(token));
        List<TokenKey> first = token.keys();
        this.judged = new Judged(first, keys.ring(first), Optional.empty());
        warn(first);
    }

    @Override
    public KeyRing get() {
        return judged().ring();
    }

    /** Returns why no key of the token signs; empty if one signs. */
    Optional<String> problem() {
        return token.problem().or(() -> judged().problem());
    }

    @SuppressWarnings("ReferenceEquality")
    private Judged judged() {
        return token.keys() == judged.keys() ? judged : judge(token.keys());
    }

    @SuppressWarnings("ReferenceEquality")
    private synchronized Judged judge(List<TokenKey> found) {
        if (found != judged.keys()) {
            try {
                judged = new Judged(found, keys.ring(found), Optional.empty());
                LOG.info("SIGNING_PKCS11: the keys of the token changed; it has {} now", found.size());
                warn(found);
            } catch (IllegalArgumentException e) {
                judged = new Judged(found, judged.ring(), Optional.of("the token " + e.getMessage()));
                LOG.error("SIGNING_PKCS11: the token {}", e.getMessage());
            }
        }
        return judged;
    }

    private static void warn(List<TokenKey> found) {
        found.forEach(key ->
                key.weakness().ifPresent(weakness -> LOG.warn("SIGNING_PKCS11: the key {} {}", key.label(), weakness)));
    }
}
