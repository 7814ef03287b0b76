package dev.tokenservice.authentication;

import dev.tokenservice.configuration.Description;
import dev.tokenservice.configuration.Platform;
import dev.tokenservice.configuration.Variable;
import dev.tokenservice.identity.IpNetwork;
import dev.tokenservice.identity.SpiffeId;
import io.dropwizard.validation.selfvalidating.SelfValidating;
import io.dropwizard.validation.selfvalidating.SelfValidation;
import io.dropwizard.validation.selfvalidating.ViolationCollector;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The settings of the proof that a request came from the proxy. All that are set must hold; with none, nobody is believed. */
@SelfValidating
public final class ProxyFactory {

    /** In place of networks: everyone is let through, because the network lets through nobody but the proxy. */
    private static final String ANY = "any";

    private static final java.util.regex.Pattern SECRET = java.util.regex.Pattern.compile("[!-~]{1,256}");
    private static final java.util.regex.Pattern DNS_NAME =
            java.util.regex.Pattern.compile("(?=.{1,253}$)[A-Za-z0-9_-]{1,63}(?:\\.[A-Za-z0-9_-]{1,63})*");

    @Variable(value = "PROXY_SECRET", secret = true)
    @Description("Secrets. The load balancer must send one of them as a custom header with a constant value. While you "
            + "rotate the secret, set two. In the variable, separate them by a comma.")
    @NotNull
    List<@Nullable String> secrets = List.of();

    @Variable("PROXY_SECRET_HEADER")
    @Description("The header with the secret.")
    @NotNull
    @Pattern(regexp = HeaderName.REGEXP, message = HeaderName.ALLOWED)
    String secretHeader = "X-Token-Service-Proxy";

    @Variable("TRUSTED_PROXIES")
    @Description("Networks or addresses from which the load balancer connects, such as 10.0.0.0/8. In the variable, "
            + "separate them by commas. For a sidecar or a proxy on the same machine, set 127.0.0.1, which also "
            + "means ::1. The single value any means that the network keeps everyone but the load balancer out. The "
            + "service then believes everyone who reaches it.")
    @NotNull
    List<@Nullable String> addresses = List.of();

    @Variable("PROXY_CERTIFICATES")
    @Description("SPIFFE IDs or DNS names of the client certificate that the load balancer must present on the TLS "
            + "port. In the variable, separate them by commas. proxies in the policy replaces this setting.")
    @NotNull
    List<@Nullable String> certificates = List.of();

    /** Says what is wrong with secrets, without repeating them, and with names. */
    @SelfValidation
    public void validateProofs(ViolationCollector problems) {
        for (int i = 0; i < secrets.size(); i++) {
            if (!SECRET.matcher(String.valueOf(secrets.get(i))).matches()) {
                problems.addViolation(
                        "secrets",
                        i,
                        "must be 1 to 256 printable ASCII characters without a space: use 32 random ones");
            }
        }
        for (int i = 0; i < certificates.size(); i++) {
            if (!isName(String.valueOf(certificates.get(i)))) {
                problems.addViolation("certificates", i, "must be a SPIFFE ID or a DNS name");
            }
        }
    }

    void validateSecretHeader(Stream<String> certificateHeaders, ViolationCollector problems) {
        if (certificateHeaders.map(RequestHeaders::fold).anyMatch(RequestHeaders.fold(secretHeader)::equals)) {
            problems.addViolation("proxy.secretHeader", "must not be one of the certificate headers");
        }
    }

    /** Says which networks are wrong, each by its place in the list. */
    @SelfValidation
    public void validateAddresses(ViolationCollector problems) {
        for (int i = 0; i < addresses.size(); i++) {
            if (isAny(addresses.get(i))) {
                if (addresses.size() > 1) {
                    problems.addViolation("addresses", i, "must stand alone: it contradicts every other entry");
                }
                continue;
            }
            try {
                IpNetwork unused = ProxyNetwork.of(String.valueOf(addresses.get(i)));
            } catch (IllegalArgumentException e) {
                problems.addViolation("addresses", i, e.getMessage());
            }
        }
    }

    private static boolean isAny(@Nullable String address) {
        return ANY.equalsIgnoreCase(address);
    }

    private static boolean isName(String name) {
        return SpiffeId.parse(name).isPresent() || DNS_NAME.matcher(name).matches();
    }

    /** The names of the proxies' certificates. */
    List<String> certificateNames() {
        return certificates.stream().map(Objects::requireNonNull).toList();
    }

    /**
     * Makes the check of every request with certificate headers. Where no setting says anything, Cloud Run keeps everyone but
     * the load balancer out.
     */
    ProxyTrust build(Verification verification, CertificateStatus status, Platform platform) {
        List<ProxyProof> proofs = proofs();
        if (!certificates.isEmpty()) {
            ProxyCertificates known =
                    ProxyCertificates.ofVariable(Set.copyOf(certificateNames()), verification, status);
            return ProxyTrust.of(proofs, Optional.of(known), status);
        }
        if (!proofs.isEmpty()) {
            return ProxyTrust.of(proofs, Optional.empty(), status);
        }
        return ProxyTrust.withoutProof(basis(platform), status);
    }

    /** What decides whether certificate headers are believed. */
    ProxyTrust.Basis basis(Platform platform) {
        if (!certificates.isEmpty() || !proofs().isEmpty()) {
            return ProxyTrust.Basis.PROOFS;
        }
        if (!addresses.isEmpty()) {
            return ProxyTrust.Basis.NETWORK;
        }
        return platform.cloudRun() ? ProxyTrust.Basis.CLOUD_RUN : ProxyTrust.Basis.NONE;
    }

    private List<ProxyProof> proofs() {
        List<ProxyProof> proofs = new ArrayList<>();
        if (!secrets.isEmpty()) {
            proofs.add(new ProxySecret(
                    secretHeader, secrets.stream().map(Objects::requireNonNull).toList()));
        }
        if (!addresses.isEmpty() && !isAny(addresses.get(0))) {
            proofs.add(new ProxyAddresses(addresses.stream()
                    .map(Objects::requireNonNull)
                    .map(ProxyNetwork::of)
                    .toList()));
        }
        return proofs;
    }
}
