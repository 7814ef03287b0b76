package dev.tokenservice.token;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tokenservice.google.WorkloadIdentityProvider;
import dev.tokenservice.oauth.IssuerUrl;
import dev.tokenservice.policy.ClientPolicy;
import dev.tokenservice.signing.TokenSigner;
import io.dropwizard.validation.selfvalidating.SelfValidating;
import io.dropwizard.validation.selfvalidating.SelfValidation;
import io.dropwizard.validation.selfvalidating.ViolationCollector;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The settings of ID tokens. */
@SelfValidating
public final class TokenFactory {

    private static final String VALIDITY_RULE = "must be 1 to 720 minutes";
    private static final String AUDIENCE = "[!-~]{1,2048}";
    private static final String AUDIENCE_RULE = "must be visible ASCII without blanks, at most 2048 characters";

    /** Minutes that an ID token lasts. IAM signs for 12 hours at most. */
    @JsonProperty
    @Min(value = 1, message = VALIDITY_RULE)
    @Max(value = 720, message = VALIDITY_RULE)
    int validity = 5;

    /** The issuer; where it is not set, each request's own authority is. */
    @JsonProperty
    @Nullable
    String issuer;

    /** The audience where a client asks for none. */
    @JsonProperty
    @Nullable
    @Pattern(regexp = AUDIENCE, message = AUDIENCE_RULE)
    String audience;

    /** What clients may ask for besides. */
    @JsonProperty
    @NotNull
    List<@NotNull @Pattern(regexp = AUDIENCE, message = AUDIENCE_RULE) String> audiences = List.of();

    /** Says what is wrong with the issuer. */
    @SelfValidation
    public void validateIssuer(ViolationCollector problems) {
        if (issuer != null && !IssuerUrl.isValid(issuer)) {
            problems.addViolation(
                    "issuer",
                    "must be an https URL (http for this machine only) without query and fragment, at most 600 characters");
        }
    }

    /** The configured issuer. */
    public Optional<String> issuer() {
        return Optional.ofNullable(issuer);
    }

    /** The default audience: the configured one, else the provider's, else the issuer. */
    public Optional<String> defaultAudience(Optional<WorkloadIdentityProvider> provider) {
        return Optional.ofNullable(audience)
                .or(() -> provider.map(WorkloadIdentityProvider::url))
                .or(this::issuer);
    }

    /** What clients may have. */
    public ClientPolicy policy(Optional<WorkloadIdentityProvider> provider) {
        return new ClientPolicy(
                defaultAudience(provider), Set.copyOf(audiences), provider.map(WorkloadIdentityProvider::url));
    }

    /** The issuer of ID tokens. */
    public IdTokenIssuer build(TokenSigner signer, Clock clock) {
        return new IdTokenIssuer(signer, Duration.ofMinutes(validity), clock);
    }
}
