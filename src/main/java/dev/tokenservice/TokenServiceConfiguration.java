package dev.tokenservice;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tokenservice.google.GoogleFactory;
import dev.tokenservice.google.WorkloadIdentityFactory;
import dev.tokenservice.mtls.AuthenticationFactory;
import dev.tokenservice.server.ServiceServerFactory;
import dev.tokenservice.signing.SigningFactory;
import dev.tokenservice.telemetry.ServiceLoggingFactory;
import dev.tokenservice.token.TokenFactory;
import io.dropwizard.core.Configuration;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;

/** The configuration: one section a package, each with its own factory. {@code config.yml} documents every setting. */
public final class TokenServiceConfiguration extends Configuration {

    @JsonProperty
    @Valid
    @NotNull
    AuthenticationFactory authentication = new AuthenticationFactory();

    @JsonProperty
    @Valid
    @NotNull
    TokenFactory token = new TokenFactory();

    @JsonProperty
    @Valid
    @NotNull
    WorkloadIdentityFactory workloadIdentity = new WorkloadIdentityFactory();

    @JsonProperty
    @Valid
    @NotNull
    SigningFactory signing = new SigningFactory();

    @JsonProperty
    @Valid
    @NotNull
    GoogleFactory google = new GoogleFactory();

    /** Starts with the defaults, which are those of {@code config.yml}. */
    public TokenServiceConfiguration() {
        setServerFactory(new ServiceServerFactory());
        setLoggingFactory(new ServiceLoggingFactory());
    }
}
