package dev.tokenservice.authentication;

import com.fasterxml.jackson.annotation.JacksonInject;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.google.common.base.Suppliers;
import dev.tokenservice.configuration.Description;
import dev.tokenservice.configuration.FilePath;
import dev.tokenservice.configuration.FoundObjects;
import dev.tokenservice.configuration.Platform;
import dev.tokenservice.configuration.Variable;
import dev.tokenservice.files.FileReading;
import dev.tokenservice.files.Watched;
import dev.tokenservice.files.WatchedFiles;
import dev.tokenservice.policy.ClientChecks;
import dev.tokenservice.policy.Policy;
import dev.tokenservice.policy.TokenSettings;
import dev.tokenservice.tls.TlsFactory;
import dev.tokenservice.x509.CertificateVerifier;
import dev.tokenservice.x509.DeniedCertificates;
import io.dropwizard.validation.OneOf;
import io.dropwizard.validation.selfvalidating.SelfValidating;
import io.dropwizard.validation.selfvalidating.SelfValidation;
import io.dropwizard.validation.selfvalidating.ViolationCollector;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The settings of authentication: which flows are on, which headers they read, and whom they believe. */
@SelfValidating
public final class AuthenticationFactory {

    /** The first flow that there was; it stays the default permanently. */
    private static final String DEFAULT_FLOW = "xlb-mtls-client-credentials";

    @Variable("AUTH_FLOWS")
    @Description("How clients authenticate: at most one flow that reads headers, and also the flow "
            + "mtls-client-credentials. In the variable, separate them by a comma.")
    @NotNull
    List<@Nullable String> flows = List.of(DEFAULT_FLOW);

    @Variable("CLIENT_ID")
    @Description("Attribute of the certificate that is the client id in every flow: spiffe, dns, uri, sha256, cn "
            + "(common name), email, subject (RFC 4514) or serial. A serial number is unique only within an "
            + "authority. Default: the attribute of MTLS_HEADER_CLIENT_ID. The values cn, email and subject need "
            + "the certificate itself. The values cn and subject also work with the header "
            + "MTLS_HEADER_CLIENT_CERT_SUBJECT_DN. The service refuses a certificate with no value, or several.")
    @Nullable
    @OneOf(
            value = {"spiffe", "dns", "uri", "sha256", "cn", "email", "subject", "serial"},
            message = "must be spiffe, dns, uri, sha256, cn, email, subject or serial")
    String clientId;

    /** The known flows, each with its settings. */
    @JacksonInject
    FoundObjects found = FoundObjects.NONE;

    @JsonProperty
    @Description("Proof that a request with certificate headers came from the load balancer. Every proof that is set "
            + "must hold. With none, the service refuses token requests. On Cloud Run (K_SERVICE without "
            + "KUBERNETES_SERVICE_HOST), TRUSTED_PROXIES is then any.")
    @Valid
    @NotNull
    ProxyFactory proxy = new ProxyFactory();

    @JsonProperty
    @Description("The flow mtls-client-credentials: TLS on its own port, without a proxy. The service reads all files "
            + "again within seconds when they change.")
    @Valid
    @NotNull
    TlsFactory tls = new TlsFactory();

    @Variable("POLICY")
    @Description("The policy file: which authority may name which clients, and which client gets which tokens. The "
            + "service reads it again within seconds when it, or a file that it names, changes.")
    @Nullable
    @FilePath
    String policy;

    @Variable("MTLS_VERIFY_FORWARDED")
    @Description("Whether the service verifies a forwarded certificate again, and refuses a summary without the "
            + "certificate: true or false. Default: true if MTLS_TRUST_BUNDLE is set. With false the service "
            + "believes the proxy, but still checks validity, denied certificates, key and CA flag.")
    @Nullable
    Boolean verifyForwarded;

    @Variable("DENIED_CERTIFICATES")
    @Description("File with denied certificates, one on each line: the SHA-256 fingerprint (hex or base64), or the "
            + "serial number (hex), a space and the issuer's name. The service reads it again within seconds when "
            + "it changes. Text after a # is a comment. In the name of an issuer, write \\# for a #; a # alone is "
            + "ambiguous, so the line denies both readings.")
    @Nullable
    @FilePath
    String deniedCertificates;

    public static List<CertificateSourceFactory> find() {
        return ServiceLoader.load(CertificateSourceFactory.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    private FlowChoice choice() {
        return new FlowChoice(found, flows);
    }

    @SelfValidation
    public void validateFlows(ViolationCollector problems) {
        if (choice().validate(problems)) {
            choice().enabled().map(this::evidence).forEach(evidence -> evidence.validate(problems));
            clientIds().validate(choice().enabled(true), tls.isEnabled(), problems);
        }
    }

    /** Reports settings that lack another setting which they need. */
    @SelfValidation
    public void validateTrust(ViolationCollector problems) {
        if (!proxy.certificates.isEmpty() && !tls.isEnabled()) {
            problems.addViolation(
                    "tls.certificate",
                    "must be set with PROXY_CERTIFICATES: proxies present their certificates on the TLS port");
        }
        if (tls.isEnabled() && !tls.hasTrustBundle() && policy == null) {
            problems.addViolation(
                    "tls.trustBundle", "must be set with MTLS_CERTIFICATE: it decides which clients to trust");
        }
        if (Boolean.TRUE.equals(verifyForwarded) && !tls.hasTrustBundle()) {
            problems.addViolation("tls.trustBundle", "must be set if MTLS_VERIFY_FORWARDED is true");
        }
    }

    /** A header with a public value cannot carry the secret. */
    @SelfValidation
    public void validateSecretHeader(ViolationCollector problems) {
        proxy.validateSecretHeader(choice().headers(), problems);
    }

    public List<String> flows() {
        return choice().names();
    }

    private boolean verifiesForwarded() {
        return verifyForwarded == null ? tls.hasTrustBundle() : verifyForwarded;
    }

    /** Returns whether this service verifies certificates itself, by a trust bundle or a policy. */
    public boolean verifiesCertificates() {
        return tls.hasTrustBundle() || policy != null;
    }

    public boolean readsHeaders() {
        return choice().enabled(true).findAny().isPresent();
    }

    public boolean hasPolicy() {
        return policy != null;
    }

    public boolean deniesCertificates() {
        return deniedCertificates != null;
    }

    public List<FileReading> fileReadings(TokenSettings tokens, Clock clock) {
        List<FileReading> readings = new ArrayList<>(tls.fileReadings(clock).stream()
                .map(reading -> reading.in("tls"))
                .toList());
        DeniedCertificatesFile.reading(denied()).ifPresent(readings::add);
        policy(tokens).fileReading(clock).ifPresent(readings::add);
        return readings;
    }

    public TlsFactory tls() {
        return tls;
    }

    public Authentication build(TokenSettings tokens, WatchedFiles files, Clock clock, Platform platform) {
        Optional<Watched<CertificateVerifier>> verifier = tls.verifier(files, clock);
        DeniedCertificatesFile denied = new DeniedCertificatesFile(denied(), verifier);
        Supplier<DeniedCertificates> current = denied.watch(files);
        Optional<Watched<Policy>> policies =
                policy(tokens).policyFile(clock).map(file -> files.watch("the policy (POLICY)", file::files, file));
        Verification verification = new Verification(verifier, verifiesForwarded(), policies);
        CertificateStatus status = new CertificateStatus(current, clock);
        ProxyTrust trust = proxy.build(verification, status, platform);
        Flows enabled =
                new Flows(flow(true), flow(false), trust, choice().headers().collect(Collectors.toSet()));
        return new Authentication(
                new ClientAuthentication(
                        enabled, verification, new ClientCertificateAuthenticator(clientIds(), status)),
                () -> trust.with(verification.policy()),
                () -> denied.notice(current.get()),
                policies);
    }

    public PolicySettings policy(TokenSettings tokens) {
        return new PolicySettings(
                Optional.ofNullable(policy),
                tls,
                clientIds(),
                proxy.certificateNames(),
                choice().all(),
                Optional.ofNullable(verifyForwarded),
                tokens);
    }

    private ClientIds clientIds() {
        return ClientIds.of(Optional.ofNullable(clientId), found.of(ClientIdSetting.class));
    }

    private FlowEvidence evidence(CertificateSourceFactory flow) {
        return new FlowEvidence(flow.flow(), flow.best(), tls, verifiesForwarded(), policy != null);
    }

    /** What decides whether the headers of a proxy are believed; empty where no flow reads any. Reads the policy. */
    public Optional<ProxyTrust.Basis> basisOfTrust(TokenSettings tokens, Platform platform) {
        return readsHeaders() ? Optional.of(policy(tokens).basis(proxy.basis(platform))) : Optional.empty();
    }

    /** The flows that refuse every client, each with what to do about it. */
    public Map<String, String> flowsThatRefuse() {
        return choice().enabled(true)
                .map(this::evidence)
                .filter(FlowEvidence::isRefusedSummary)
                .collect(Collectors.toMap(FlowEvidence::flow, FlowEvidence::remedy));
    }

    /**
     * What an operator should know of the denied certificates; empty where all is well. Reads their file, and the trust
     * bundle.
     *
     * @throws dev.tokenservice.files.UnusableFileException when one of them cannot be used
     */
    public String deniedNotice(Clock clock) {
        return DeniedCertificatesFile.notice(DeniedCertificatesFile.read(denied()), tls.readVerifier(clock));
    }

    private Optional<String> denied() {
        return Optional.ofNullable(deniedCertificates);
    }

    /** What a request does with a certificate after its policy has accepted it. Reads the file of denied certificates, once. */
    public Function<Clock, ClientChecks> clientChecks() {
        Supplier<DeniedCertificates> list = Suppliers.memoize(() -> DeniedCertificatesFile.read(denied()));
        return clock -> clientIds().checks(new CertificateStatus(list, clock));
    }

    private Optional<Flow> flow(boolean readsHeaders) {
        return choice().enabled(readsHeaders).findFirst().map(factory -> new Flow(factory.flow(), factory.build()));
    }
}
