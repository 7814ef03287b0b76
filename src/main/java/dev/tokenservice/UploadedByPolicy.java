package dev.tokenservice;

import dev.tokenservice.files.Watched;
import dev.tokenservice.policy.Policy;
import dev.tokenservice.signing.UploadedParties;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The relying parties that somebody uploads the keys to, by the policy that is in force; none until it was read, as reading it
 * needs the keys. Thread-safe.
 */
final class UploadedByPolicy implements Supplier<UploadedParties> {

    private final String standardAlgorithm;
    private volatile Optional<Watched<Policy>> policy = Optional.empty();
    private volatile Read last = new Read(Optional.empty(), UploadedParties.NONE);

    /** What was made of a policy. */
    private record Read(Optional<Policy> policy, UploadedParties uploaded) {}

    UploadedByPolicy(String standardAlgorithm) {
        this.standardAlgorithm = standardAlgorithm;
    }

    void follow(Watched<Policy> watched) {
        policy = Optional.of(watched);
    }

    /** The same object while the policy is the same: every token asks. */
    @Override
    public UploadedParties get() {
        if (policy.isEmpty()) {
            return UploadedParties.NONE;
        }
        Policy now = policy.get().get();
        Read read = last;
        if (read.policy().filter(known -> isSame(known, now)).isEmpty()) {
            Map<String, String> algorithms = now.relyingParties()
                    .map(parties -> parties.uploaded(standardAlgorithm))
                    .orElse(Map.of());
            read = new Read(Optional.of(now), UploadedParties.of(algorithms));
            last = read;
        }
        return read.uploaded();
    }

    /** Not equality: this is asked for every token. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean isSame(Policy one, Policy other) {
        return one == other;
    }
}
