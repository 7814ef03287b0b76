package dev.tokenservice.doctor;

import com.google.common.base.Suppliers;
import dev.tokenservice.authentication.ProxyTrust;
import dev.tokenservice.configuration.ConfigurationModel;
import dev.tokenservice.configuration.NearMisses;
import dev.tokenservice.configuration.Overrides;
import dev.tokenservice.google.WorkloadIdentityProvider;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Warnings about valid settings. The service logs them at start-up, {@code check} prints them, and doctor reports them as
 * findings. Reads no files.
 */
public final class StartWarnings {

    private static final String NEW_KEY =
            "set it to a folder of keys if several replicas run, or if tokens must stay valid after a restart (java -jar "
                    + "token-service.jar keys generate FOLDER); or let IAM sign (SIGNER=iam), as on Cloud Run";
    private static final String SECRET =
            "PROXY_SECRET=$(openssl rand -hex 32), and the same value in a custom request header of the load "
                    + "balancer";

    private final ConfigurationSections settings;
    private final KeyFileWarnings keyFiles;

    /** Looked for once: some of them read files. */
    private final Supplier<List<Finding>> all = Suppliers.memoize(this::find);

    public StartWarnings(ConfigurationSections settings) {
        this.settings = settings;
        this.keyFiles = new KeyFileWarnings(settings);
    }

    /** Of variables that are probably misspelt. */
    public static List<Finding> ofVariables(ConfigurationModel<?> model, Overrides overrides) {
        return new NearMisses(model.variables())
                .among(overrides.environment().keySet()).entrySet().stream()
                        .map(miss -> warning(
                                CheckName.VARIABLE_NAMES,
                                "the environment variable " + miss.getKey() + " is unknown and has no effect",
                                "did you mean " + miss.getValue() + "?"))
                        .toList();
    }

    /** Of the settings. */
    public List<Finding> all() {
        return all.get();
    }

    private List<Finding> find() {
        return Stream.of(issuer(), mtlsTokenEndpoint(), audience(), flows(), proxyTrust(), signing(), keyFiles.all())
                .flatMap(warnings -> warnings)
                .toList();
    }

    /** Returns those that one check is about. */
    List<Finding> of(CheckName check) {
        return all().stream()
                .filter(warning -> warning.check().equals(check.toString()))
                .toList();
    }

    private Stream<Finding> issuer() {
        String issuer = settings.token().issuer().orElse("");
        if (issuer.endsWith("/")) {
            return Stream.of(warning(
                    CheckName.ISSUER,
                    "TOKEN_ISSUER is " + issuer + ", with a slash: register it with the slash at every relying party",
                    "TOKEN_ISSUER=" + issuer.substring(0, issuer.length() - 1)));
        }
        return Stream.empty();
    }

    private Stream<Finding> mtlsTokenEndpoint() {
        return settings.token().mtlsTokenEndpoint().isPresent()
                        && settings.token().issuer().isEmpty()
                ? Stream.of(warning(
                        CheckName.ISSUER,
                        "MTLS_TOKEN_ENDPOINT is set and TOKEN_ISSUER is not: the issuer of a token is the name "
                                + "of that endpoint, "
                                + "where relying parties may not reach discovery and keys",
                        "set TOKEN_ISSUER"))
                : Stream.empty();
    }

    private Stream<Finding> audience() {
        Optional<String> audience = settings.token().defaultAudience(settings.provider());
        if (audience.isEmpty()) {
            return Stream.of(warning(
                    CheckName.AUDIENCE,
                    "no audience is set: tokens are issued to this machine only",
                    "set TOKEN_AUDIENCE, TOKEN_ISSUER, or the three WORKLOAD_IDENTITY_ variables"));
        }
        return settings
                .provider()
                .map(WorkloadIdentityProvider::url)
                .filter(url -> !url.equals(audience.get()) && !audience.get().equals(url.substring("https:".length())))
                .map(url -> warning(
                        CheckName.AUDIENCE,
                        "TOKEN_AUDIENCE is " + audience.get() + ", and STS exchanges tokens for " + url
                                + " only: client libraries that exchange theirs are refused",
                        "unset TOKEN_AUDIENCE, and put " + audience.get()
                                + " into TOKEN_AUDIENCES for clients that request it"))
                .stream();
    }

    private Stream<Finding> flows() {
        return settings.authentication().flowsThatRefuse().entrySet().stream()
                .map(refused -> warning(
                        CheckName.FLOWS, "the flow " + refused.getKey() + " refuses every client", refused.getValue()));
    }

    private Stream<Finding> proxyTrust() {
        return settings
                .authentication()
                .basisOfTrust(settings.tokens(Clock.systemUTC()), settings.platform())
                .filter(basis -> basis != ProxyTrust.Basis.PROOFS)
                .map(basis -> new Finding(
                        CheckName.PROXY_TRUST.toString(),
                        basis == ProxyTrust.Basis.NONE ? Result.FAIL : Result.WARN,
                        basis.description(),
                        SECRET))
                .stream();
    }

    private Stream<Finding> signing() {
        return settings.signing().makesKeyAtStart(settings.iam())
                ? Stream.of(warning(
                        CheckName.SIGNING,
                        "SIGNING_KEYS is not set: the service makes a signing key at start-up, and loses it at shutdown",
                        NEW_KEY))
                : Stream.empty();
    }

    private static Finding warning(CheckName check, String evidence, String remedy) {
        return new Finding(check.toString(), Result.WARN, evidence, remedy);
    }
}
