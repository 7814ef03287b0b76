package dev.tokenservice.mtls;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tokenservice.mtls.files.WatchedFiles;
import io.dropwizard.validation.selfvalidating.SelfValidating;
import io.dropwizard.validation.selfvalidating.SelfValidation;
import io.dropwizard.validation.selfvalidating.ViolationCollector;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The settings of authentication: which flows are on, which headers they read, and who may send them. */
@SelfValidating
public final class AuthenticationFactory {

    private final Map<String, CertificateSourceFactory> known = new TreeMap<>();

    /** The flows to enable. */
    @JsonProperty
    @NotNull
    List<@Nullable String> flows = List.of(GoogleLoadBalancerSource.FLOW);

    @JsonProperty
    @Valid
    @NotNull
    HeaderNames headers = new HeaderNames();

    @JsonProperty
    @Valid
    @NotNull
    ProxyFactory proxy = new ProxyFactory();

    /** File with certificates that are revoked. */
    @JsonProperty
    @Nullable
    @Size(min = 1, message = "must be the path of a file")
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
        } else if (flows.size() > 1) {
            problems.addViolation("flows", "must name one flow that reads headers: with two a client could choose");
        }
    }

    /** Makes the check that headers come from the proxy. */
    public ProxyTrust proxyTrust() {
        return proxy.build();
    }

    /** Makes the filter that authenticates every token request. */
    public ClientCertificateFilter build(ProxyTrust trust, WatchedFiles files, Clock clock) {
        CertificateSourceFactory factory = known.get(flows.get(0));
        if (factory == null) {
            throw new IllegalStateException("validated: the flow is known");
        }
        return new ClientCertificateFilter(
                factory.build(headers),
                trust,
                new ClientCertificateAuthenticator(headers.clientIdAttribute(), denied(files), clock));
    }

    private Supplier<DeniedCertificates> denied(WatchedFiles files) {
        if (deniedCertificates == null) {
            return () -> DeniedCertificates.NONE;
        }
        Path file = Path.of(deniedCertificates);
        return files.watch(
                "DENIED_CERTIFICATES", List.of(file), () -> new DeniedCertificates(DeniedCertificate.read(file)));
    }
}
