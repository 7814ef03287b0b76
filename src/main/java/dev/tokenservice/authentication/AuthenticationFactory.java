package dev.tokenservice.authentication;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tokenservice.configuration.FilePath;
import dev.tokenservice.files.Watched;
import dev.tokenservice.files.WatchedFiles;
import dev.tokenservice.tls.TlsFactory;
import dev.tokenservice.x509.CertificateVerifier;
import dev.tokenservice.x509.DeniedCertificate;
import dev.tokenservice.x509.DeniedCertificates;
import io.dropwizard.validation.selfvalidating.SelfValidating;
import io.dropwizard.validation.selfvalidating.SelfValidation;
import io.dropwizard.validation.selfvalidating.ViolationCollector;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The settings of authentication: which flows are on, which headers they read, and whom they believe. */
@SelfValidating
public final class AuthenticationFactory {

    private static final Logger LOG = LoggerFactory.getLogger(AuthenticationFactory.class);

    /** The first flow that there was; it stays the default for ever. */
    private static final String DEFAULT_FLOW = "xlb-mtls-client-credentials";

    private final Map<String, CertificateSourceFactory> known = new TreeMap<>();

    /** The flows to enable. */
    @JsonProperty
    @NotNull
    List<@Nullable String> flows = List.of(DEFAULT_FLOW);

    @JsonProperty
    @Valid
    @NotNull
    HeaderNames headers = new HeaderNames();

    @JsonProperty
    @Valid
    @NotNull
    ProxyFactory proxy = new ProxyFactory();

    @JsonProperty
    @Valid
    @NotNull
    TlsFactory tls = new TlsFactory();

    /** File with certificates that are revoked. */
    @JsonProperty
    @Nullable
    @FilePath
    String deniedCertificates;

    /** Finds the flows that there are. */
    public AuthenticationFactory() {
        ServiceLoader.load(CertificateSourceFactory.class).forEach(factory -> known.put(factory.flow(), factory));
    }

    /** Says what is wrong with the flows, and names the ones that there are. */
    @SelfValidation
    public void validateFlows(ViolationCollector problems) {
        if (flows.isEmpty()) {
            problems.addViolation("flows", "must name at least one of " + known.keySet());
        }
        if (!known.keySet().containsAll(flows)) {
            problems.addViolation("flows", "must be of the known flows " + known.keySet());
            return;
        }
        if (flows.stream().distinct().count() < flows.size()) {
            problems.addViolation("flows", "must name each flow once");
        } else if (enabled(true).count() > 1) {
            problems.addViolation("flows", "must name one flow that reads headers: with two a client could choose");
        }
        enabled().forEach(factory -> factory.missing(headers, tls).forEach(problems::addViolation));
    }

    /** What is set must have beside it what it cannot do without. */
    @SelfValidation
    public void validateTrust(ViolationCollector problems) {
        if (!proxy.certificates.isEmpty() && !tls.isEnabled()) {
            problems.addViolation(
                    "tls.certificate", "must be set where PROXY_CERTIFICATES is: proxies show theirs there");
        }
        if (headers.chain != null && headers.leaf == null) {
            problems.addViolation("headers.leaf", "must be set where MTLS_HEADER_CLIENT_CERT_CHAIN is");
        }
    }

    /** A secret that anybody can read from the name of a header would be none. */
    @SelfValidation
    public void validateSecretHeader(ViolationCollector problems) {
        if (proxyHeaders().map(RequestHeaders::fold).anyMatch(RequestHeaders.fold(proxy.secretHeader)::equals)) {
            problems.addViolation("proxy.secretHeader", "must be none of the headers that tell about certificates");
        }
    }

    private Stream<CertificateSourceFactory> enabled() {
        return known.values().stream().filter(factory -> flows.contains(factory.flow()));
    }

    private Stream<CertificateSourceFactory> enabled(boolean readsHeaders) {
        return enabled().filter(factory -> factory.headers(headers).isEmpty() != readsHeaders);
    }

    private Stream<String> proxyHeaders() {
        return known.values().stream().flatMap(factory -> factory.headers(headers).stream());
    }

    /** The flows that are enabled. */
    public List<String> flows() {
        return flows.stream().filter(Objects::nonNull).toList();
    }

    /** Whether some flow takes a proxy's word. */
    public boolean readsHeaders() {
        return enabled(true).findAny().isPresent();
    }

    /** Whether certificates are denied by a file. */
    public boolean deniesCertificates() {
        return deniedCertificates != null;
    }

    /** The settings of the TLS connector. */
    public TlsFactory tls() {
        return tls;
    }

    /**
     * Makes what authenticates every token request.
     *
     * @param cloudRun whether Cloud Run keeps everyone but the load balancer out
     */
    public Authentication build(WatchedFiles files, Clock clock, boolean cloudRun) {
        Optional<Watched<CertificateVerifier>> verifier = tls.verifier(files, clock);
        Supplier<DeniedCertificates> denied = denied(files, verifier);
        ProxyTrust trust = proxy.build(verifier, denied, cloudRun);
        SourceSettings settings = new SourceSettings(headers, verifier);
        Flows enabled = new Flows(
                flow(true, settings),
                flow(false, settings),
                trust,
                proxyHeaders().collect(Collectors.toSet()));
        return new Authentication(
                new ClientCertificateFilter(
                        enabled, new ClientCertificateAuthenticator(headers.clientIdAttribute(), denied, clock)),
                trust,
                () -> deniedByOthers(denied.get(), verifier));
    }

    private Optional<Flow> flow(boolean readsHeaders, SourceSettings settings) {
        return enabled(readsHeaders).findFirst().map(factory -> new Flow(factory.flow(), factory.build(settings)));
    }

    private Supplier<DeniedCertificates> denied(WatchedFiles files, Optional<Watched<CertificateVerifier>> verifier) {
        if (deniedCertificates == null) {
            return () -> DeniedCertificates.NONE;
        }
        Path file = Path.of(deniedCertificates);
        return files.watch("DENIED_CERTIFICATES", List.of(file), () -> {
            DeniedCertificates denied = new DeniedCertificates(DeniedCertificate.read(file));
            String notice = deniedByOthers(denied, verifier);
            if (!notice.isEmpty()) {
                LOG.warn(notice);
            }
            return denied;
        });
    }

    private static String deniedByOthers(DeniedCertificates denied, Optional<Watched<CertificateVerifier>> verifier) {
        List<Integer> lines = verifier.map(
                        trusted -> denied.linesOfOthers(trusted.get().authorities()))
                .orElse(List.of());
        return lines.isEmpty()
                ? ""
                : "DENIED_CERTIFICATES names issuers that are not in MTLS_TRUST_BUNDLE on "
                        + lines.size() + " lines, the first is line " + lines.get(0)
                        + ": it denies nobody unless clients send an authority of this name; compare it with "
                        + "'openssl x509 -noout -issuer -nameopt RFC2253'";
    }
}
