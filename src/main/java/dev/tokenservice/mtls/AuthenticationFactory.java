package dev.tokenservice.mtls;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.validation.selfvalidating.SelfValidating;
import io.dropwizard.validation.selfvalidating.SelfValidation;
import io.dropwizard.validation.selfvalidating.ViolationCollector;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
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
    public ClientCertificateFilter build(ProxyTrust trust, Clock clock) {
        CertificateSourceFactory factory = known.get(flows.get(0));
        if (factory == null) {
            throw new IllegalStateException("validated: the flow is known");
        }
        return new ClientCertificateFilter(
                factory.build(headers), trust, new ClientCertificateAuthenticator(headers.clientIdAttribute(), clock));
    }
}
