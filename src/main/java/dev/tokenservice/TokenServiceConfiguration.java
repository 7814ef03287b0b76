package dev.tokenservice;

import com.fasterxml.jackson.annotation.JacksonInject;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.tokenservice.authentication.AuthenticationFactory;
import dev.tokenservice.configuration.ConfigurationModel;
import dev.tokenservice.configuration.Description;
import dev.tokenservice.configuration.Platform;
import dev.tokenservice.configuration.Variable;
import dev.tokenservice.doctor.ConfigurationSections;
import dev.tokenservice.google.GoogleFactory;
import dev.tokenservice.google.WorkloadIdentityFactory;
import dev.tokenservice.google.WorkloadIdentityProvider;
import dev.tokenservice.policy.Audiences;
import dev.tokenservice.policy.Policy;
import dev.tokenservice.policy.TokenSettings;
import dev.tokenservice.server.ServiceServerFactory;
import dev.tokenservice.signing.IamSigner;
import dev.tokenservice.signing.KeySettings;
import dev.tokenservice.signing.SigningFactory;
import dev.tokenservice.telemetry.ServiceLogging;
import dev.tokenservice.telemetry.ServiceLoggingFactory;
import dev.tokenservice.token.TokenFactory;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.server.ServerFactory;
import io.dropwizard.logging.common.LoggingFactory;
import io.dropwizard.metrics.common.MetricsFactory;
import io.dropwizard.validation.selfvalidating.SelfValidating;
import io.dropwizard.validation.selfvalidating.SelfValidation;
import io.dropwizard.validation.selfvalidating.ViolationCollector;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The configuration: one section a package, each with its own factory. {@code config.yml} documents every setting. */
@SelfValidating
public final class TokenServiceConfiguration extends Configuration {

    /** Where the configuration was read; not a setting. */
    @JacksonInject
    Platform platform = Platform.of(Map.of());

    @JsonProperty
    @JsonTypeInfo(use = JsonTypeInfo.Id.NONE)
    @Valid
    @NotNull
    ServiceServerFactory server = new ServiceServerFactory();

    @JsonProperty
    @Valid
    @NotNull
    ServiceLoggingFactory logging = new ServiceLoggingFactory();

    @JsonProperty
    @Valid
    @NotNull
    AuthenticationFactory authentication = new AuthenticationFactory();

    @JsonProperty
    @Valid
    @NotNull
    TokenFactory token = new TokenFactory();

    @JsonProperty
    @Description("The workload identity provider for token exchange: set all three, or none. With none, the service "
            + "exchanges no tokens.")
    @Valid
    @NotNull
    WorkloadIdentityFactory workloadIdentity = new WorkloadIdentityFactory();

    @JsonProperty
    @Valid
    @NotNull
    SigningFactory signing = new SigningFactory();

    @JsonProperty
    @Description("Google Cloud. Missing settings come from the credentials.")
    @Valid
    @NotNull
    GoogleFactory google = new GoogleFactory();

    public static ConfigurationModel<TokenServiceConfiguration> model() {
        return ConfigurationModel.of(TokenServiceConfiguration.class, AuthenticationFactory.find());
    }

    @Variable({})
    @Description("Dropwizard's metrics reporters, and how often they report.")
    @Valid
    @NotNull
    MetricsFactory metrics = new MetricsFactory();

    /** The second connector on a port could not be opened. */
    @SelfValidation
    public void validatePorts(ViolationCollector problems) {
        if (isTaken(server.adminPort(), server.port().orElse(0))) {
            problems.addViolation("server.adminPort", "must differ from the application port (PORT)");
        }
        if (authentication.tls().isEnabled()
                && isTaken(authentication.tls().port(), server.port().orElse(0), server.adminPort())) {
            problems.addViolation(
                    "authentication.tls.port", "must differ from the application and admin ports (PORT, ADMIN_PORT)");
        }
    }

    /** IAM signs with one algorithm. */
    @SelfValidation
    public void validateAlgorithm(ViolationCollector problems) {
        if (isIam() && !signing.algorithm().equals(IamSigner.ALGORITHM)) {
            problems.addViolation(
                    "signing.algorithm",
                    "must be " + IamSigner.ALGORITHM
                            + " if IAM signs: unset SIGNING_ALGORITHM, or set SIGNER to local");
        }
    }

    /** IAM has no token, and a setting without effect might be taken for the one that signs. */
    @SelfValidation
    public void validateToken(ViolationCollector problems) {
        if (isIam() && signing.usesToken()) {
            problems.addViolation("signing.pkcs11", "must not be set if IAM signs: unset it, or set SIGNER to local");
        }
    }

    /** Proxies connect to the plain port, and without the TLS port nobody else could ask for a token. */
    @SelfValidation
    public void validatePlainPort(ViolationCollector problems) {
        boolean needed = authentication.readsHeaders() || !authentication.tls().isEnabled();
        if (server.port().isEmpty() && needed) {
            problems.addViolation(
                    "server.port",
                    "must be a port number, 0 to 65535: off is only for AUTH_FLOWS=mtls-client-credentials, because the proxies of "
                            + "other flows connect to this port");
        }
    }

    /** IAM's keys are where Google publishes them. */
    @SelfValidation
    public void validateJwksUri(ViolationCollector problems) {
        if (isIam() && token.jwksUri().isPresent()) {
            problems.addViolation(
                    "token.jwksUri",
                    "must not be set if IAM signs, because Google publishes the keys; JWKS_URL changes their URL");
        }
    }

    private static boolean isTaken(int port, int... others) {
        return port != 0 && IntStream.of(others).anyMatch(other -> other == port);
    }

    Optional<WorkloadIdentityProvider> provider() {
        return workloadIdentity.build(google.universeDomain());
    }

    /** For whom tokens are made where no policy says so. */
    Audiences audiences() {
        return token.settings(provider());
    }

    /**
     * Returns the settings of tokens that a policy stands beside.
     *
     * @param algorithms those of which there is a key
     */
    TokenSettings tokens(Supplier<List<String>> algorithms) {
        return new TokenSettings(audiences(), token.issuer(), signing.algorithm(), algorithms, isIam());
    }

    /** The same without a service that runs: reads the keys where a policy asks for them. */
    TokenSettings tokens(Clock clock) {
        return sections().tokens(clock);
    }

    /** Returns how long a token can be valid, whatever policies come. */
    Duration longestValidity() {
        return authentication.hasPolicy() ? Policy.LONGEST_VALIDITY : token.validity();
    }

    boolean isIam() {
        return signing.isIam(platform);
    }

    /** What commands on keys need. */
    KeySettings keySettings() {
        return new KeySettings(
                signing,
                longestValidity(),
                Stream.concat(token.defaultAudience(provider()).stream(), token.audiences().stream())
                        .distinct()
                        .toList(),
                sections()::policyParties);
    }

    public ConfigurationSections sections() {
        return new ConfigurationSections(
                server, authentication, token, provider(), signing, google, isIam(), platform, longestValidity());
    }

    @Override
    public MetricsFactory getMetricsFactory() {
        return metrics;
    }

    @Override
    @JsonIgnore
    public void setMetricsFactory(MetricsFactory factory) {
        throw new UnsupportedOperationException("the settings of the metrics are read into their field");
    }

    @Override
    public ServiceServerFactory getServerFactory() {
        return server;
    }

    /** Returns the log that these settings and the platform ask for. */
    @Override
    public synchronized ServiceLogging getLoggingFactory() {
        return logging.build(platform, server.requestLog());
    }

    /** Keeps a configuration from naming another kind of server of Dropwizard. */
    @Override
    @JsonIgnore
    public void setServerFactory(ServerFactory factory) {
        throw new UnsupportedOperationException("the settings of the server are read into their field");
    }

    /** The same for the log: another kind could silence audit lines, or log bearers. */
    @Override
    @JsonIgnore
    public synchronized void setLoggingFactory(LoggingFactory factory) {
        throw new UnsupportedOperationException("the settings of the log are read into their field");
    }
}
