package dev.tokenservice.signing;

import dev.tokenservice.signing.pkcs11.TokenKey;
import dev.tokenservice.signing.pkcs11.TokenProvider;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Selects the keys of a PKCS#11 token that sign. If the URI names an object, these are the keys with its label. Otherwise the
 * token must have only one candidate. All other candidates are published, so that relying parties know a key before and after
 * it signs.
 */
final class TokenKeys {

    private static final Logger LOG = LoggerFactory.getLogger(TokenKeys.class);

    private final Optional<String> object;
    private final TokenProvider provider;

    TokenKeys(Optional<String> object, TokenProvider provider) {
        this.object = object;
        this.provider = provider;
    }

    /**
     * Returns the ring of these keys.
     *
     * @throws IllegalArgumentException with the reason, if no key can sign, or several could
     */
    KeyRing ring(List<TokenKey> keys) {
        List<RingKey> ring = new ArrayList<>();
        Set<String> signing = new HashSet<>();
        for (TokenKey key : keys) {
            usable(key).ifPresent(usable -> {
                boolean signs = object.isEmpty() || key.isNamed(object.get());
                if (signs && !signing.add(usable.algorithm().getId())) {
                    throw new IllegalArgumentException(
                            "has several " + usable.algorithm().getId() + " keys"
                                    + object.map(label -> " with the label " + label + ": give each its own")
                                            .orElse(": name the label of the one that signs with object=LABEL"));
                }
                ring.add(signs ? signing(usable) : published(usable));
            });
        }
        if (signing.isEmpty()) {
            throw new IllegalArgumentException("has no key that can sign"
                    + object.map(label -> " with the label " + label).orElse("")
                    + ": a key needs a certificate with the same id and a label (docs/keys.md)");
        }
        return new KeyRing(ring, Set.of(), List.of(), List.of());
    }

    private Optional<SigningKey> usable(TokenKey key) {
        try {
            return Optional.of(SigningKey.inToken(key, provider));
        } catch (IllegalArgumentException e) {
            LOG.warn("SIGNING_PKCS11: the key {} {}, and is not used", key.label(), e.getMessage());
            return Optional.empty();
        }
    }

    private static RingKey signing(SigningKey key) {
        return new RingKey(key, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Returns a key without an activation time. */
    private static RingKey published(SigningKey key) {
        KeyMetadata metadata =
                KeyMetadata.of(key.algorithm().getId(), key.written().orElse(Instant.EPOCH), Optional.empty());
        return new RingKey(key, Optional.empty(), Optional.of(metadata), Optional.empty());
    }
}
