package dev.tokenservice;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.tokenservice.authentication.AuthenticationFactory;
import dev.tokenservice.configuration.Platform;
import dev.tokenservice.doctor.Settings;
import dev.tokenservice.google.GoogleFactory;
import dev.tokenservice.google.WorkloadIdentityFactory;
import dev.tokenservice.server.ServiceServerFactory;
import dev.tokenservice.signing.SigningFactory;
import dev.tokenservice.telemetry.ServiceLoggingFactory;
import dev.tokenservice.token.TokenFactory;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.server.ServerFactory;
import io.dropwizard.logging.common.LoggingFactory;
import io.dropwizard.validation.selfvalidating.SelfValidating;
import io.dropwizard.validation.selfvalidating.SelfValidation;
import io.dropwizard.validation.selfvalidating.ViolationCollector;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.util.stream.IntStream;

/** The configuration: one section a package, each with its own factory. {@code config.yml} documents every setting. */
@SelfValidating
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

    /** The second connector on a port could not be opened. */
    @SelfValidation
    public void validatePorts(ViolationCollector problems) {
        ServiceServerFactory server = (ServiceServerFactory) getServerFactory();
        if (isTaken(server.adminPort(), server.port())) {
            problems.addViolation("server.adminPort", "must differ from the application port (PORT)");
        }
        if (authentication.tls().isEnabled()
                && isTaken(authentication.tls().port(), server.port(), server.adminPort())) {
            problems.addViolation(
                    "authentication.tls.port", "must differ from the application and admin ports (PORT, ADMIN_PORT)");
        }
    }

    private static boolean isTaken(int port, int... others) {
        return port != 0 && IntStream.of(others).anyMatch(other -> other == port);
    }

    /** The sections, for commands. */
    public Settings settings(Platform platform) {
        return new Settings(
                (ServiceServerFactory) getServerFactory(),
                authentication,
                token,
                workloadIdentity,
                signing,
                google,
                signing.isIam(platform.attachedServiceAccount()),
                platform.cloudRun());
    }

    /** There is one kind of server: a configuration names no type, and cannot name another one. */
    @Override
    @JsonProperty("server")
    @JsonTypeInfo(use = JsonTypeInfo.Id.NONE)
    @JsonDeserialize(as = ServiceServerFactory.class)
    public void setServerFactory(ServerFactory factory) {
        super.setServerFactory(factory);
    }

    /** There is one kind of logging, too: with another one audit lines could be silenced, and bearers be logged. */
    @Override
    @JsonProperty("logging")
    @JsonTypeInfo(use = JsonTypeInfo.Id.NONE)
    @JsonDeserialize(as = ServiceLoggingFactory.class)
    public synchronized void setLoggingFactory(LoggingFactory factory) {
        super.setLoggingFactory(factory);
    }
}
