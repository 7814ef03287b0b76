package dev.tokenservice;

import dev.tokenservice.api.DiscoveryResource;
import dev.tokenservice.api.FailureMapper;
import dev.tokenservice.api.IssuerResolver;
import dev.tokenservice.api.JwksResource;
import dev.tokenservice.api.Refusals;
import dev.tokenservice.api.RequestGate;
import dev.tokenservice.api.TokenResource;
import dev.tokenservice.authentication.Authentication;
import dev.tokenservice.authentication.ClientCertificateFilter;
import dev.tokenservice.authentication.ProxyTrust;
import dev.tokenservice.configuration.ExitStatus;
import dev.tokenservice.configuration.NearMisses;
import dev.tokenservice.configuration.Platform;
import dev.tokenservice.configuration.ServiceConfigurationFactory;
import dev.tokenservice.configuration.ValidateCommand;
import dev.tokenservice.doctor.DoctorCommand;
import dev.tokenservice.files.RegularFile;
import dev.tokenservice.files.ReloadTask;
import dev.tokenservice.files.WatchedFiles;
import dev.tokenservice.google.CallHealth;
import dev.tokenservice.google.CallHistory;
import dev.tokenservice.google.GoogleClients;
import dev.tokenservice.google.IamPing;
import dev.tokenservice.google.ServiceCredentials;
import dev.tokenservice.google.WorkloadIdentityProvider;
import dev.tokenservice.health.FilesHealth;
import dev.tokenservice.health.NoticeHealth;
import dev.tokenservice.health.Readiness;
import dev.tokenservice.identity.ClientPrincipal;
import dev.tokenservice.server.ClassArchive;
import dev.tokenservice.server.ServiceServerFactory;
import dev.tokenservice.server.StartedPorts;
import dev.tokenservice.signing.IamSigner;
import dev.tokenservice.signing.NativeCryptography;
import dev.tokenservice.signing.SigningKeyHealth;
import dev.tokenservice.signing.TokenSigner;
import dev.tokenservice.telemetry.AuditLog;
import dev.tokenservice.telemetry.ServiceLoggingFactory;
import dev.tokenservice.telemetry.ServiceMetrics;
import dev.tokenservice.tls.JdkLimits;
import dev.tokenservice.tls.TlsFactory;
import dev.tokenservice.token.AccessTokenExchange;
import dev.tokenservice.token.TokenService;
import io.dropwizard.auth.AuthDynamicFeature;
import io.dropwizard.auth.AuthValueFactoryProvider;
import io.dropwizard.core.Application;
import io.dropwizard.core.cli.CheckCommand;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jersey.setup.JerseyEnvironment;
import io.dropwizard.lifecycle.AutoCloseableManager;
import jakarta.servlet.DispatcherType;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import net.sourceforge.argparse4j.inf.ArgumentParserException;
import org.glassfish.jersey.server.ServerProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wires the service. */
public final class TokenServiceApplication extends Application<TokenServiceConfiguration> {

    private static final Logger LOG = LoggerFactory.getLogger(TokenServiceApplication.class);

    private static final int EX_USAGE = 64;

    private final Map<String, String> environmentVariables;
    private final Platform platform;
    private final Clock clock;

    /** The service as it runs. */
    public TokenServiceApplication() {
        this(System.getenv(), Clock.systemUTC());
    }

    /** The service in an environment, and at a time, of the caller's choice. */
    public TokenServiceApplication(Map<String, String> environmentVariables, Clock clock) {
        this.environmentVariables = Map.copyOf(environmentVariables);
        this.platform = Platform.of(environmentVariables);
        this.clock = clock;
    }

    /** Starts the service; without arguments with the configuration in the jar. */
    public static void main(String[] arguments) throws Exception {
        // What is written for machines must not follow the language of the machine: Turkish lower case has another i.
        Locale.setDefault(Locale.ROOT);
        new TokenServiceApplication().run(arguments.length == 0 ? new String[] {"server"} : arguments);
    }

    @Override
    public String getName() {
        return "token-service";
    }

    @Override
    protected void addDefaultCommands(Bootstrap<TokenServiceConfiguration> bootstrap) {
        bootstrap.addCommand(new ServeCommand(this));
        bootstrap.addCommand(new CheckCommand<>(this));
        bootstrap.addCommand(new DoctorCommand<>(
                TokenServiceConfiguration.class,
                configuration -> configuration.settings(platform),
                environmentVariables,
                clock,
                System.out));
        bootstrap.addCommand(new ValidateCommand<>(TokenServiceConfiguration.class, System.out));
    }

    @Override
    public void initialize(Bootstrap<TokenServiceConfiguration> bootstrap) {
        JdkLimits.apply();
        bootstrap.setConfigurationFactoryFactory((type, validator, mapper, prefix) ->
                new ServiceConfigurationFactory<>(type, validator, mapper, environmentVariables, this::tellPlatform));
    }

    /** Ends the process with the status that a command chose, or that of wrong arguments (EX_USAGE of sysexits). */
    @Override
    protected void onFatalError(Throwable failure) {
        if (failure instanceof ExitStatus ended) {
            System.exit(ended.status());
        }
        System.exit(failure instanceof ArgumentParserException ? EX_USAGE : 1);
    }

    private void tellPlatform(TokenServiceConfiguration configuration) {
        if (configuration.getLoggingFactory() instanceof ServiceLoggingFactory logging) {
            logging.onCloudRun(platform.attachedServiceAccount());
        }
    }

    @Override
    public void run(TokenServiceConfiguration configuration, Environment environment) {
        Optional<WorkloadIdentityProvider> provider =
                configuration.workloadIdentity.build(configuration.google.universeDomain());
        warn(configuration, provider);
        ServiceMetrics metrics = metrics(configuration, environment);
        Readiness readiness = new Readiness();
        GoogleClients google = configuration.google.build(metrics, clock);
        environment.lifecycle().manage(new AutoCloseableManager(google));
        TokenSigner signer = signer(configuration, environment, google, readiness);
        signer.keyWritten().ifPresent(metrics::signingKey);
        warnOfExposedKeys(configuration);
        readiness.addCritical("signing-key", new SigningKeyHealth(signer)::look, true);
        provider.ifPresent(configured ->
                readiness.add("sts", CallHealth.ofExchange(google.sts().history())::look));
        Authentication authentication = authentication(configuration, environment, readiness, metrics);
        readiness.configure(environment);

        AuditLog audit = new AuditLog();
        TokenService tokens = new TokenService(
                configuration.token.policy(provider),
                configuration.token.build(signer, clock),
                provider.map(configured -> new AccessTokenExchange(
                        google.sts(), google.iamCredentials(), configured, configuration.google.accessTokenLifetime())),
                audit,
                metrics,
                clock);
        Refusals refusals = new Refusals(audit, metrics);
        serve(environment, refusals, metrics, authentication.filter());
        IssuerResolver issuers = new IssuerResolver(configuration.token.issuer());
        environment.jersey().register(new TokenResource(tokens, issuers));
        environment.jersey().register(new DiscoveryResource(signer, issuers));
        environment.jersey().register(new JwksResource(signer));
    }

    private ServiceMetrics metrics(TokenServiceConfiguration configuration, Environment environment) {
        ServiceMetrics metrics = new ServiceMetrics();
        metrics.flows(configuration.authentication.flows());
        environment.metrics().gauge("token-service", () -> metrics::counts);
        environment.admin().addServlet("prometheus", metrics.servlet()).addMapping("/prometheus");
        if (configuration.getServerFactory() instanceof ServiceServerFactory server) {
            server.measure(metrics, clock);
        }
        return metrics;
    }

    private TokenSigner signer(
            TokenServiceConfiguration configuration,
            Environment environment,
            GoogleClients google,
            Readiness readiness) {
        boolean iam = configuration.signing.isIam(platform.attachedServiceAccount());
        TokenSigner signer = configuration.signing.build(iam, () -> {
            ServiceCredentials credentials = configuration.google.credentials(google);
            if (configuration.getLoggingFactory() instanceof ServiceLoggingFactory logging) {
                logging.defaultProject(credentials::projectId);
            }
            return IamSigner.of(configuration.google, google, credentials);
        });
        if (iam) {
            CallHistory history = google.iamCredentials().signJwtHistory();
            new IamPing(history, signer::sign, clock)
                    .start(environment
                            .lifecycle()
                            .scheduledExecutorService("iam-ping")
                            .build());
            readiness.addCritical("iam", CallHealth.ofSigning(history)::look, false);
        }
        return signer;
    }

    private Authentication authentication(
            TokenServiceConfiguration configuration,
            Environment environment,
            Readiness readiness,
            ServiceMetrics metrics) {
        WatchedFiles files = new WatchedFiles(clock);
        Authentication authentication = configuration.authentication.build(files, clock, platform.cloudRun());
        TlsFactory tls = configuration.authentication.tls();
        if (tls.isEnabled() && configuration.getServerFactory() instanceof ServiceServerFactory server) {
            server.enableTls(tls.port(), tls.context(files, clock));
            NativeCryptography.useForTls();
        }
        files.start(environment
                .lifecycle()
                .scheduledExecutorService("watched-files")
                .build());
        readiness.add("watched-files", new FilesHealth(files::problems));
        metrics.watchedFiles(files::problems, files::age);
        metrics.expiries(files::expiries);
        environment.admin().addTask(new ReloadTask(files));
        if (configuration.authentication.deniesCertificates()) {
            readiness.add("denied-certificates", new NoticeHealth(authentication.deniedByOthers()));
        }
        if (configuration.authentication.readsHeaders()) {
            ProxyTrust trust = authentication.trust();
            readiness.add("proxy-trust", new NoticeHealth(trust::description));
            if (trust.basis() != ProxyTrust.Basis.PROOFS) {
                LOG.warn(trust.description());
            }
        }
        return authentication;
    }

    /** Kubernetes and umask 022 both make files that every user of the machine can read. */
    private void warnOfExposedKeys(TokenServiceConfiguration configuration) {
        boolean iam = configuration.signing.isIam(platform.attachedServiceAccount());
        Stream.concat(
                        configuration.authentication.tls().keyFile().stream(),
                        configuration.signing.keyFiles(iam).stream())
                .filter(RegularFile::isReadableByOthers)
                .forEach(file -> LOG.warn(
                        "{} holds a private key that every user of this machine can read: chmod 0400 it, or set "
                                + "defaultMode 0440 where it is a volume",
                        file));
    }

    private static void serve(
            Environment environment,
            Refusals refusals,
            ServiceMetrics metrics,
            ClientCertificateFilter authentication) {
        environment
                .servlets()
                .addFilter("gate", new RequestGate(refusals, metrics))
                .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
        JerseyEnvironment jersey = environment.jersey();
        jersey.register(new AuthDynamicFeature(authentication));
        jersey.register(new AuthValueFactoryProvider.Binder<>(ClientPrincipal.class));
        jersey.register(new FailureMapper(refusals));
        // A scheme must not be guessed: behind a load balancer it would be http.
        jersey.property(ServerProperties.LOCATION_HEADER_RELATIVE_URI_RESOLUTION_DISABLED, true);
        jersey.property(ServerProperties.WADL_FEATURE_DISABLE, true);
        environment.lifecycle().addServerLifecycleListener(new StartedPorts());
    }

    private void warn(TokenServiceConfiguration configuration, Optional<WorkloadIdentityProvider> provider) {
        List<String> warnings = NearMisses.warnings(environmentVariables.keySet());
        warnings.forEach(LOG::warn);
        ClassArchive.problem().ifPresent(LOG::warn);
        if (configuration.token.defaultAudience(provider).isEmpty()) {
            LOG.warn(
                    "no audience: set TOKEN_AUDIENCE, TOKEN_ISSUER or the workload identity provider; until then tokens are "
                            + "issued to this machine only");
        }
        configuration
                .token
                .issuer()
                .filter(issuer -> issuer.endsWith("/"))
                .ifPresent(issuer -> LOG.warn(
                        "TOKEN_ISSUER ends with a slash: relying parties must have registered it with the slash, too"));
    }
}
