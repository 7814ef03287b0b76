package dev.tokenservice.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tokenservice.configuration.Description;
import dev.tokenservice.configuration.FilePath;
import dev.tokenservice.configuration.ListenAddress;
import dev.tokenservice.configuration.PortOrOff;
import dev.tokenservice.configuration.Variable;
import dev.tokenservice.telemetry.RequestLogSettings;
import dev.tokenservice.tls.AdminTls;
import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.server.ServerFactory;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.validation.PortRange;
import io.dropwizard.validation.selfvalidating.SelfValidating;
import io.dropwizard.validation.selfvalidating.SelfValidation;
import io.dropwizard.validation.selfvalidating.ViolationCollector;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.eclipse.jetty.server.Server;
import org.jspecify.annotations.Nullable;

/** The settings of the server. What no site needs to change is set in {@link ServerBuilder}. */
@SelfValidating
public final class ServiceServerFactory implements ServerFactory {

    private static final String REFUSALS_RULE = "must be 0 to 10000";

    @Variable("PORT")
    @Description("Application port; 0 picks a free one. If the only flow is mtls-client-credentials, off closes it: "
            + "discovery, keys and health are then only on the TLS port.")
    @PortOrOff
    int port = 8080;

    @Variable("APPLICATION_HOST")
    @Description("Address that the application port listens on: an IP address of this machine, or a name for it. "
            + "Default: all interfaces.")
    @Nullable
    @ListenAddress
    String applicationHost;

    @Variable("ADMIN_PORT")
    @Description("Admin port: health checks, metrics, tasks; 0 picks a free one.")
    @PortRange(message = "must be a port number, 0 to 65535")
    int adminPort = 8081;

    @Variable("ADMIN_HOST")
    @Description("Address that the admin port listens on. The port has no login, also with TLS: beyond loopback, "
            + "everybody who reaches it can use it.")
    @NotNull
    @ListenAddress
    String adminHost = "127.0.0.1";

    @Variable("ADMIN_CERTIFICATE")
    @Description("Certificate of the admin port and its chain, PEM. With certificate and key, the port accepts only "
            + "TLS. The service reads both files again within seconds when they change.")
    @Nullable
    @FilePath
    String adminCertificate;

    @Variable("ADMIN_PRIVATE_KEY")
    @Description("Private key of this certificate, PEM, not encrypted.")
    @Nullable
    @FilePath
    String adminPrivateKey;

    @Variable("REFUSALS_PER_CLIENT")
    @Description("Refusals (400 and 401) a minute for one verified client certificate. Further refusals are 429, with "
            + "one audit line a minute. Requests that get a token never count. 0 means no limit.")
    @Min(value = 0, message = REFUSALS_RULE)
    @Max(value = 10_000, message = REFUSALS_RULE)
    int refusalsPerClient = 60;

    @Variable({})
    @Description("The access log: on (written with the other lines), off, or its own appender as in logging.appenders.")
    @NotNull
    JsonNode requestLog = RequestLogSettings.ON;

    /** One of the files is of no use without the other. */
    @SelfValidation
    public void validateAdminTls(ViolationCollector problems) {
        if (adminCertificate != null && adminPrivateKey == null) {
            problems.addViolation("adminPrivateKey", "must be set if ADMIN_CERTIFICATE is set");
        }
        if (adminPrivateKey != null && adminCertificate == null) {
            problems.addViolation("adminCertificate", "must be set if ADMIN_PRIVATE_KEY is set");
        }
    }

    /** Application port; 0 picks a free one. Empty if there is none. */
    public OptionalInt port() {
        return port == PortOrOff.OFF ? OptionalInt.empty() : OptionalInt.of(port);
    }

    /** Admin port; 0 picks a free one. */
    public int adminPort() {
        return adminPort;
    }

    /** What the application port listens on. */
    public ListenSetting applicationHost() {
        return new ListenSetting("server.applicationHost", "APPLICATION_HOST", Optional.ofNullable(applicationHost));
    }

    /** What the admin port listens on. */
    public ListenSetting adminHost() {
        return new ListenSetting("server.adminHost", "ADMIN_HOST", Optional.of(adminHost));
    }

    /** Says what is wrong with the access log. */
    @SelfValidation
    public void validateRequestLog(ViolationCollector problems) {
        requestLog().problems().forEach(problem -> problems.addViolation("requestLog", problem));
    }

    /** Where the access log goes. */
    public RequestLogSettings requestLog() {
        return new RequestLogSettings(requestLog);
    }

    /** Refusals a minute for one client certificate; 0 sets no limit. */
    public int refusalsPerClient() {
        return refusalsPerClient;
    }

    /** TLS on the admin port; empty if it speaks plain HTTP. */
    public Optional<AdminTls> adminTls() {
        return adminCertificate == null || adminPrivateKey == null
                ? Optional.empty()
                : Optional.of(new AdminTls(Path.of(adminCertificate), Path.of(adminPrivateKey)));
    }

    /** Sets the context paths, which are Dropwizard's own. */
    @Override
    public void configure(Environment environment) {
        new DefaultServerFactory().configure(environment);
    }

    /** Builds the server from these settings, and from the {@link ServerParts} in the environment. */
    @Override
    public Server build(Environment environment) {
        return new ServerBuilder(this, ServerParts.of(environment)).build(environment);
    }
}
