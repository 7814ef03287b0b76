package dev.tokenservice;

import dev.tokenservice.configuration.ConfigurationLoader;
import dev.tokenservice.configuration.ConfigurationModel;
import dev.tokenservice.configuration.ConfigurationSource;
import dev.tokenservice.configuration.ExitStatus;
import dev.tokenservice.configuration.Overrides;
import dev.tokenservice.configuration.ServiceConfigurationFactory;
import dev.tokenservice.configuration.ValidateCommand;
import dev.tokenservice.cryptography.NativeCryptography;
import dev.tokenservice.doctor.DoctorCommand;
import dev.tokenservice.doctor.StartWarnings;
import dev.tokenservice.server.ClassArchive;
import dev.tokenservice.signing.IssuerCommand;
import dev.tokenservice.signing.KeysCommand;
import dev.tokenservice.telemetry.Exhaustion;
import dev.tokenservice.tls.JdkLimits;
import io.dropwizard.core.Application;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import java.io.PrintStream;
import java.time.Clock;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The command line: the commands, and the start-up of the server. */
public final class TokenServiceApplication extends Application<TokenServiceConfiguration> {

    private static final Logger LOG = LoggerFactory.getLogger(TokenServiceApplication.class);

    private final ConfigurationModel<TokenServiceConfiguration> model = TokenServiceConfiguration.model();
    private final Overrides overrides;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final PrintStream output;
    private final PrintStream errors;
    private final NativeCryptography cryptography = new NativeCryptography();

    public TokenServiceApplication() {
        this(Overrides.ofProcess(), Clock.systemUTC(), System::nanoTime, System.out, System.err);
    }

    /**
     * The service with overrides, and at a time, of the caller's choice.
     *
     * @param overrides the overrides of the configuration file
     * @param nanoTime nanoseconds from any moment on, by which the times of connections are measured
     * @param output where commands write their answers
     * @param errors where they write why they have none
     */
    public TokenServiceApplication(
            Overrides overrides, Clock clock, LongSupplier nanoTime, PrintStream output, PrintStream errors) {
        this.overrides = overrides;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.output = output;
        this.errors = errors;
    }

    /** Starts the service; without arguments with the configuration in the jar. */
    public static void main(String[] arguments) throws Exception {
        // Output for programs must not depend on the language of the machine: Turkish lower case has another i.
        Locale.setDefault(Locale.ROOT);
        Exhaustion.watchThreads();
        new TokenServiceApplication().run(arguments.length == 0 ? new String[] {"server"} : arguments);
    }

    @Override
    public String getName() {
        return "token-service";
    }

    @Override
    protected void addDefaultCommands(Bootstrap<TokenServiceConfiguration> bootstrap) {
        ConfigurationLoader<TokenServiceConfiguration> loader = new ConfigurationLoader<>(model, overrides);
        bootstrap.addCommand(new ServeCommand(this, overrides.names(model)));
        bootstrap.addCommand(new CheckCommand(loader, clock, output));
        bootstrap.addCommand(new DoctorCommand<>(model, TokenServiceConfiguration::sections, overrides, clock, output));
        bootstrap.addCommand(new ValidateCommand<>(model, new PolicyFileJudge(clock), output));
        bootstrap.addCommand(new IssuerCommand<>(
                model, configuration -> PublishedDocuments.of(configuration, clock), overrides, output, errors));
        bootstrap.addCommand(
                new KeysCommand<>(model, TokenServiceConfiguration::keySettings, overrides, clock, output, errors));
        bootstrap.addCommand(new PolicyCommand(loader, clock, output));
        bootstrap.addCommand(new RelyingPartiesCommand(loader, clock, output));
    }

    @Override
    public void initialize(Bootstrap<TokenServiceConfiguration> bootstrap) {
        JdkLimits.apply();
        bootstrap.setConfigurationSourceProvider(new ConfigurationSource());
        bootstrap.setConfigurationFactoryFactory((type, validator, mapper, prefix) -> new ServiceConfigurationFactory<>(
                model, validator, mapper, overrides, configuration -> StartProblems.of(configuration, clock)));
    }

    @Override
    public void run(String... arguments) {
        Bootstrap<TokenServiceConfiguration> bootstrap = new Bootstrap<>(this);
        addDefaultCommands(bootstrap);
        initialize(bootstrap);
        bootstrap.registerMetrics();
        new CommandLine(bootstrap, model, output, errors).run(arguments).ifPresent(this::onFatalError);
    }

    @Override
    protected void onFatalError(Throwable failure) {
        System.exit(ExitStatus.of(failure));
    }

    @Override
    public void run(TokenServiceConfiguration configuration, Environment environment) {
        ClassArchive.problem().ifPresent(LOG::warn);
        StartWarnings.ofVariables(model, overrides).forEach(warning -> LOG.warn(warning.line()));
        new StartWarnings(configuration.sections()).all().forEach(warning -> LOG.warn(warning.line()));
        new Wiring(configuration, environment, cryptography, clock, nanoTime).wire();
    }
}
