package dev.tokenservice;

import dev.tokenservice.api.AuthenticationFilter;
import dev.tokenservice.api.DiscoveryResource;
import dev.tokenservice.api.FailureMapper;
import dev.tokenservice.api.IssuerResolver;
import dev.tokenservice.api.JwksResource;
import dev.tokenservice.api.RefusalLimit;
import dev.tokenservice.api.Refusals;
import dev.tokenservice.api.RequestGate;
import dev.tokenservice.api.TokenResource;
import dev.tokenservice.authentication.Authentication;
import dev.tokenservice.cryptography.NativeCryptography;
import dev.tokenservice.files.ReloadSignal;
import dev.tokenservice.files.ReloadTask;
import dev.tokenservice.files.Watched;
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
import dev.tokenservice.policy.ClientPolicy;
import dev.tokenservice.policy.Policy;
import dev.tokenservice.policy.RateLimits;
import dev.tokenservice.policy.RuleEnforcement;
import dev.tokenservice.server.ServerParts;
import dev.tokenservice.server.StartedPorts;
import dev.tokenservice.signing.IamSigner;
import dev.tokenservice.signing.SignerParts;
import dev.tokenservice.signing.SigningKeyHealth;
import dev.tokenservice.signing.TokenSigner;
import dev.tokenservice.signing.UploadedKeysHealth;
import dev.tokenservice.telemetry.AuditLog;
import dev.tokenservice.telemetry.LogLevelGate;
import dev.tokenservice.telemetry.ServiceLogging;
import dev.tokenservice.telemetry.ServiceMetrics;
import dev.tokenservice.tls.ClientTls;
import dev.tokenservice.tls.TlsFactory;
import dev.tokenservice.token.AccessTokenExchange;
import dev.tokenservice.token.TokenService;
import io.dropwizard.auth.AuthDynamicFeature;
import io.dropwizard.auth.AuthValueFactoryProvider;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jersey.setup.JerseyEnvironment;
import io.dropwizard.lifecycle.AutoCloseableManager;
import jakarta.servlet.DispatcherType;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.glassfish.jersey.server.ServerProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Builds the rooms from their settings, the lower ones first, and registers them with Dropwizard. */
final class Wiring {

    private static final Logger LOG = LoggerFactory.getLogger(Wiring.class);

    private final TokenServiceConfiguration configuration;
    private final Environment environment;
    private final NativeCryptography cryptography;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final ServiceMetrics metrics = new ServiceMetrics();
    private final Readiness readiness = new Readiness();
    private final UploadedByPolicy uploaded;

    Wiring(
            TokenServiceConfiguration configuration,
            Environment environment,
            NativeCryptography cryptography,
            Clock clock,
            LongSupplier nanoTime) {
        this.configuration = configuration;
        this.environment = environment;
        this.cryptography = cryptography;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.uploaded = new UploadedByPolicy(configuration.signing.algorithm());
    }

    void wire() {
        telemetry();
        GoogleClients google = google();
        WatchedFiles files = new WatchedFiles(clock);
        TokenSigner signer = signer(google, files);
        Authentication authentication = authentication(files, signer);
        server(files, authentication.policy());
        watch(files);
        readiness.configure(environment);
        metrics.state().health(readiness::isReady, environment.healthChecks());
        AuditLog audit = new AuditLog();
        api(
                tokens(google, signer, audit),
                signer,
                authentication,
                new Refusals(authentication.clients(), refusalLimit(audit), audit, metrics));
    }

    private RefusalLimit refusalLimit(AuditLog audit) {
        RefusalLimit limit = new RefusalLimit(configuration.server.refusalsPerClient(), nanoTime, audit, metrics);
        limit.start(scheduler("refusal-lines"));
        environment.lifecycle().manage(new AutoCloseableManager(limit));
        return limit;
    }

    private void telemetry() {
        configuration
                .logging
                .auditFile()
                .map(file -> ServiceLogging.openAuditFile(file, metrics, nanoTime))
                .map(AutoCloseableManager::new)
                .ifPresent(environment.lifecycle()::manage);
        metrics.flows(configuration.authentication.flows());
        environment.metrics().gauge("token-service", () -> metrics::counts);
        environment.admin().addServlet("prometheus", metrics.servlet()).addMapping("/prometheus");
        environment
                .admin()
                .addFilter("log-level", new LogLevelGate())
                .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, "/tasks/log-level");
    }

    private GoogleClients google() {
        GoogleClients google = configuration.google.build(metrics, clock);
        environment.lifecycle().manage(new AutoCloseableManager(google));
        if (configuration.provider().isPresent()) {
            readiness.add("sts", CallHealth.ofExchange(google.sts().history())::look);
        }
        return google;
    }

    private TokenSigner signer(GoogleClients google, WatchedFiles files) {
        TokenSigner signer = configuration.signing.build(
                configuration.isIam(),
                new SignerParts(files, cryptography, clock, configuration.longestValidity(), uploaded),
                () -> iamSigner(google));
        if (configuration.isIam()) {
            CallHistory history = google.iamCredentials().signJwtHistory();
            new IamPing(history, signer::sign, clock).start(scheduler("iam-ping"));
            readiness.addCritical("iam", CallHealth.ofSigning(history)::look, false);
        }
        if (!configuration.isIam()) {
            metrics.state().signingKeys(() -> SigningKeyMetrics.of(signer, clock.instant()));
        }
        readiness.addCritical("signing-key", new SigningKeyHealth(signer)::look, true);
        return signer;
    }

    private TokenSigner iamSigner(GoogleClients google) {
        ServiceCredentials credentials = configuration.google.credentials(google, LOG::warn);
        configuration.getLoggingFactory().projectOfCredentials(credentials::projectId);
        return IamSigner.of(configuration.google, google, credentials);
    }

    private Authentication authentication(WatchedFiles files, TokenSigner signer) {
        if (configuration.authentication.verifiesCertificates()) {
            cryptography.useEverywhere();
        }
        Authentication authentication = configuration.authentication.build(
                configuration.tokens(signer::algorithms), files, clock, configuration.platform);
        if (configuration.authentication.deniesCertificates()) {
            readiness.add("denied-certificates", new NoticeHealth(authentication.deniedByOthers()));
        }
        authentication.policy().ifPresent(policy -> {
            uploaded.follow(policy);
            // The log says at start-up which keys are not confirmed.
            signer.ring();
            new PolicyWiring(policy, clock).wire(readiness, metrics, environment, nanoTime);
            readiness.add("uploaded-keys", new UploadedKeysHealth(signer)::look);
        });
        metrics.relyingParties(authentication
                .policy()
                .flatMap(policy -> policy.get().relyingParties())
                .orElseGet(configuration.audiences()::relyingParties)
                .names());
        if (configuration.authentication.readsHeaders()) {
            readiness.add(
                    "proxy-trust",
                    new NoticeHealth(() -> authentication.trust().get().description()));
        }
        return authentication;
    }

    private void server(WatchedFiles files, Optional<Watched<Policy>> policy) {
        TlsFactory settings = configuration.authentication.tls();
        Optional<Supplier<List<X509Certificate>>> offered = policy.filter(
                        now -> now.get().hasAuthorities())
                .map(now -> () -> now.get().offered());
        Optional<ServerParts.Tls> tls = Optional.empty();
        if (settings.isEnabled()) {
            tls = Optional.of(new ServerParts.Tls(
                    settings.port(),
                    ServerParts.Tls.host(settings),
                    settings.context(files, clock, cryptography, offered)));
        }
        Optional<ClientTls> adminTls =
                configuration.server.adminTls().map(admin -> admin.context(files, clock, cryptography));
        new ServerParts(metrics, clock, nanoTime, tls, adminTls).leaveIn(environment);
        environment.lifecycle().addServerLifecycleListener(new StartedPorts());
    }

    private void watch(WatchedFiles files) {
        files.start(scheduler("watched-files"));
        readiness.add("watched-files", new FilesHealth(files::problems));
        metrics.state().watchedFiles(files::problems, files::age);
        metrics.state().expiries(files::expiries);
        environment.admin().addTask(new ReloadTask(files));
        new ReloadSignal(files).handle();
    }

    private ScheduledExecutorService scheduler(String name) {
        return environment.lifecycle().scheduledExecutorService(name).build();
    }

    private TokenService tokens(GoogleClients google, TokenSigner signer, AuditLog audit) {
        Optional<WorkloadIdentityProvider> provider = configuration.provider();
        return new TokenService(
                new ClientPolicy(
                        configuration.audiences(), new RuleEnforcement(new RateLimits(nanoTime), clock, metrics)),
                configuration.token.build(signer, clock),
                provider.map(configured -> new AccessTokenExchange(
                        google.sts(), google.iamCredentials(), configured, configuration.google.accessTokenLifetime())),
                audit,
                metrics,
                clock);
    }

    private void api(TokenService tokens, TokenSigner signer, Authentication authentication, Refusals refusals) {
        environment
                .servlets()
                .addFilter("gate", new RequestGate(authentication.clients(), refusals, metrics))
                .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
        JerseyEnvironment jersey = environment.jersey();
        jersey.register(new AuthDynamicFeature(new AuthenticationFilter(authentication.clients())));
        jersey.register(new AuthValueFactoryProvider.Binder<>(ClientPrincipal.class));
        jersey.register(new FailureMapper(refusals));
        // A scheme must not be guessed: behind a load balancer it would be http.
        jersey.property(ServerProperties.LOCATION_HEADER_RELATIVE_URI_RESOLUTION_DISABLED, true);
        jersey.property(ServerProperties.WADL_FEATURE_DISABLE, true);
        IssuerResolver issuers = new IssuerResolver(configuration.token.issuer());
        jersey.register(new TokenResource(tokens, issuers));
        jersey.register(new DiscoveryResource(
                signer, issuers, configuration.token.jwksUri(), configuration.token.mtlsTokenEndpoint()));
        jersey.register(new JwksResource(signer));
    }
}
