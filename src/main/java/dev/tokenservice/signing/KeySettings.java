package dev.tokenservice.signing;

import dev.tokenservice.files.UnusableFileException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What commands on keys need of the configuration. */
public final class KeySettings {

    private final SigningFactory signing;
    private final Duration tokenValidity;
    private final List<String> audiences;
    private final Supplier<Optional<PolicyParties>> policy;

    /**
     * Takes settings.
     *
     * @param tokenValidity how long a token is valid at most
     * @param audiences whom tokens are for
     * @param policy reads what the policy says of relying parties, or throws an {@link UnusableFileException}; empty where no
     *     policy is set
     */
    public KeySettings(
            SigningFactory signing,
            Duration tokenValidity,
            List<String> audiences,
            Supplier<Optional<PolicyParties>> policy) {
        this.signing = signing;
        this.tokenValidity = tokenValidity;
        this.audiences = List.copyOf(audiences);
        this.policy = policy;
    }

    /**
     * The same, with the policy as it is now.
     *
     * @throws KeysException where it cannot be used: nobody knows then for whom a key has to be confirmed
     */
    KeySettings withPolicy() {
        try {
            Optional<PolicyParties> read = policy.get();
            return with(read);
        } catch (UnusableFileException e) {
            throw KeysException.notJudged(told(e) + "; nothing was changed");
        }
    }

    /** The same, for what has to be possible without the policy: where it cannot be used, the ring alone says what it knows. */
    KeySettings withPolicyOrNot(Consumer<String> problems) {
        try {
            return with(policy.get());
        } catch (UnusableFileException e) {
            problems.accept(told(e));
            return with(Optional.empty());
        }
    }

    private static String told(UnusableFileException problem) {
        return "POLICY cannot be used: " + String.valueOf(problem.getMessage()).strip();
    }

    private KeySettings with(Optional<PolicyParties> read) {
        return new KeySettings(signing, tokenValidity, audiences, () -> read);
    }

    boolean usesToken() {
        return signing.usesToken();
    }

    KeyFiles files() {
        return signing.keyFiles();
    }

    KeyPassword password() {
        return signing.password();
    }

    KeyPeriods periods() {
        return signing.periods(tokenValidity);
    }

    String algorithm() {
        return signing.algorithm();
    }

    List<String> audiences() {
        return audiences;
    }

    /** What the policy says; empty where it is not known. */
    Optional<PolicyParties> policy() {
        return policy.get();
    }

    /**
     * The relying parties that have to hold a key before it signs. Without a policy these are the ones for which any key of the
     * ring was confirmed, as a command must not activate a key that one of them lacks.
     */
    UploadedParties uploaded(KeyRing ring) {
        return policy().map(PolicyParties::uploaded).orElseGet(() -> UploadedParties.confirmedIn(ring));
    }
}
