package dev.tokenservice.token;

import dev.tokenservice.configuration.Description;
import dev.tokenservice.configuration.Minutes;
import dev.tokenservice.configuration.Variable;
import dev.tokenservice.google.WorkloadIdentityProvider;
import dev.tokenservice.oauth.IssuerUrl;
import dev.tokenservice.policy.Audiences;
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
import org.jspecify.annotations.Nullable;

@SelfValidating
public final class TokenFactory {

    private static final String VALIDITY_RULE = "must be 1 to 720 minutes";
    private static final String URL_RULE =
            "must be an https URL (http for this machine only) without query and fragment, at most 600 characters";
    private static final String AUDIENCE = "[!-~]{1,2048}";
    private static final String AUDIENCE_RULE = "must be visible ASCII without spaces, at most 2048 characters";

    @Variable("TOKEN_VALIDITY")
    @Description("Lifetime of an ID token: 1 to 720 minutes, or a duration such as 5m or PT5M. A token never outlives "
            + "its certificate.")
    @Minutes
    // The signJwt method of the IAM Credentials API allows 12 hours at most.
    @Min(value = 1, message = VALIDITY_RULE)
    @Max(value = 720, message = VALIDITY_RULE)
    int validity = 5;

    @Variable("TOKEN_ISSUER")
    @Description("Issuer URL, used exactly as written. Set it if the host name is known. Default: https:// and the "
            + "host of each request.")
    @Nullable
    String issuer;

    @Variable("MTLS_TOKEN_ENDPOINT")
    @Description("URL of the token endpoint, if it has another name than the issuer. Discovery lists it in "
            + "mtls_endpoint_aliases (RFC 8705 section 5).")
    @Nullable
    String mtlsTokenEndpoint;

    @Variable("TOKEN_AUDIENCE")
    @Description("Audience of a token if the client requests none. Default: the URL of the workload identity provider, "
            + "else TOKEN_ISSUER. With none of the three, only clients on loopback get tokens.")
    @Nullable
    @Pattern(regexp = AUDIENCE, message = AUDIENCE_RULE)
    String audience;

    @Variable(value = "TOKEN_AUDIENCES", mayBeEmpty = true)
    @Description("Further audiences that clients may request. In the variable, separate them by commas.")
    @NotNull
    List<@NotNull @Pattern(regexp = AUDIENCE, message = AUDIENCE_RULE) String> audiences = List.of();

    @Variable("TOKEN_JWKS_URI")
    @Description("URL of a public copy of the keys. Discovery names it instead of this service's own URL. Only for "
            + "local keys.")
    @Nullable
    String jwksUri;

    /** Says what is wrong with the URLs. */
    @SelfValidation
    public void validateUrls(ViolationCollector problems) {
        if (jwksUri != null && !IssuerUrl.isValid(jwksUri)) {
            problems.addViolation("jwksUri", URL_RULE);
        }
        if (issuer != null && !IssuerUrl.isValid(issuer)) {
            problems.addViolation("issuer", URL_RULE);
        }
        if (mtlsTokenEndpoint != null && !IssuerUrl.isEndpoint(mtlsTokenEndpoint)) {
            problems.addViolation(
                    "mtlsTokenEndpoint",
                    "must be an https URL with a path, such as https://mtls.example.com/token, without query and fragment, "
                            + "at most 600 characters");
        }
    }

    public Optional<String> issuer() {
        return Optional.ofNullable(issuer);
    }

    /** Where clients get their tokens, if not at the issuer's own URL. */
    public Optional<String> mtlsTokenEndpoint() {
        return Optional.ofNullable(mtlsTokenEndpoint);
    }

    /** Where relying parties are to read the keys, if not here. */
    public Optional<String> jwksUri() {
        return Optional.ofNullable(jwksUri);
    }

    /** Returns the default audience: the configured one, else the provider's, else the issuer. */
    public Optional<String> defaultAudience(Optional<WorkloadIdentityProvider> provider) {
        return Optional.ofNullable(audience)
                .or(() -> provider.map(WorkloadIdentityProvider::url))
                .or(this::issuer);
    }

    /** Returns the audiences that clients may ask for, in addition to the default. */
    public List<String> audiences() {
        return audiences;
    }

    /** For whom tokens are made where no policy says so. */
    public Audiences settings(Optional<WorkloadIdentityProvider> provider) {
        return new Audiences(
                Optional.ofNullable(audience),
                defaultAudience(provider),
                audiences,
                provider.map(WorkloadIdentityProvider::url));
    }

    /** Returns how long an ID token is valid at most. */
    public Duration validity() {
        return Duration.ofMinutes(validity);
    }

    public IdTokenIssuer build(TokenSigner signer, Clock clock) {
        return new IdTokenIssuer(signer, validity(), clock);
    }
}
