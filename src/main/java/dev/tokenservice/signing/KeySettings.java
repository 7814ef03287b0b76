package dev.tokenservice.signing;

import dev.tokenservice.files.UnusableFileException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The part of the configuration that the {@code keys} commands need. */
public final class KeySettings {

    private final SigningFactory signing;
    private final Duration tokenValidity;
    private final List<String> audiences;
    private final Supplier<Optional<PolicyParties>> policy;

    /**
     * Creates the settings of the commands.
     *
     * @param tokenValidity the longest lifetime of a token
     * @param audiences the audiences of tokens, for messages
     * @param policy reads the relying parties of the policy, or throws {@link UnusableFileException}; empty if {@code POLICY}
     *     is not set
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
     * Returns these settings with the current policy.
     *
     * @throws KeysException if the policy cannot be used, because it names the relying parties that must confirm a key
     */
    KeySettings withPolicy() {
        try {
            Optional<PolicyParties> read = policy.get();
            return with(read);
        } catch (UnusableFileException e) {
            throw KeysException.notJudged(told(e) + "; nothing was changed");
        }
    }

    /**
     * Returns these settings with the current policy, or without it if it cannot be used. Then only the confirmations in the
     * ring count.
     */
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

    /** Returns the relying parties of the policy; empty if there is no usable policy. */
    Optional<PolicyParties> policy() {
        return policy.get();
    }

    /**
     * Returns the relying parties that must hold a key before it signs. Without a policy, these are all for which a key of
     * the ring was confirmed, because a command must not activate a key that one of them lacks.
     */
    UploadedParties uploaded(KeyRing ring) {
        return policy().map(PolicyParties::uploaded).orElseGet(() -> UploadedParties.confirmedIn(ring));
    }
}
