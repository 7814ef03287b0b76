package dev.tokenservice.authentication;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tokenservice.identity.SpiffeId;
import dev.tokenservice.x509.CertificateVerifier;
import dev.tokenservice.x509.DeniedCertificates;
import io.dropwizard.validation.selfvalidating.SelfValidating;
import io.dropwizard.validation.selfvalidating.SelfValidation;
import io.dropwizard.validation.selfvalidating.ViolationCollector;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The settings of the proof that a request came from the proxy. All that are set have to hold; with none, nobody is believed. */
@SelfValidating
public final class ProxyFactory {

    /** In place of networks: everyone is let through, because the network lets through nobody but the proxy. */
    private static final String ANY = "any";

    private static final java.util.regex.Pattern SECRET = java.util.regex.Pattern.compile("[!-~]{1,256}");
    private static final java.util.regex.Pattern DNS_NAME =
            java.util.regex.Pattern.compile("(?=.{1,253}$)[A-Za-z0-9_-]{1,63}(?:\\.[A-Za-z0-9_-]{1,63})*");

    /** Any of these has to be sent. */
    @JsonProperty
    @NotNull
    List<@Nullable String> secrets = List.of();

    /** The header that it is sent in. */
    @JsonProperty
    @NotNull
    @Pattern(regexp = HeaderNames.TOKEN, message = HeaderNames.ALLOWED)
    String secretHeader = "X-Token-Service-Proxy";

    /** Networks that the proxy connects from, or {@code any}. */
    @JsonProperty
    @NotNull
    List<@Nullable String> addresses = List.of();

    /** SPIFFE IDs and DNS names of the proxy's own client certificate. */
    @JsonProperty
    @NotNull
    List<@Nullable String> certificates = List.of();

    /** Says what is wrong with secrets, without repeating them, and with names. */
    @SelfValidation
    public void validateProofs(ViolationCollector problems) {
        if (!secrets.stream()
                .allMatch(secret -> secret != null && SECRET.matcher(secret).matches())) {
            problems.addViolation(
                    "secrets",
                    "each must be 1 to 256 printable ASCII characters without a space: 32 random ones are good");
        }
        if (!certificates.stream().allMatch(name -> name != null && isName(name))) {
            problems.addViolation("certificates", "each must be a SPIFFE ID or a DNS name");
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
                AddressRange.parse(String.valueOf(addresses.get(i)));
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

    /**
     * Makes the check of every request with certificate headers.
     *
     * @param cloudRun whether Cloud Run keeps everyone but the load balancer out, where no setting says anything
     */
    ProxyTrust build(
            Optional<? extends Supplier<CertificateVerifier>> verifier,
            Supplier<DeniedCertificates> denied,
            boolean cloudRun) {
        List<ProxyProof> proofs = proofs();
        if (!certificates.isEmpty()) {
            Supplier<CertificateVerifier> current =
                    verifier.orElseThrow(() -> new IllegalStateException("validated: there is a trust bundle"));
            List<String> names =
                    certificates.stream().map(Objects::requireNonNull).toList();
            return ProxyTrust.of(proofs, Optional.of(new ProxyCertificates(names, current, denied)));
        }
        if (!proofs.isEmpty()) {
            return ProxyTrust.of(proofs, Optional.empty());
        }
        if (!addresses.isEmpty()) {
            return ProxyTrust.withoutProof(ProxyTrust.Basis.NETWORK);
        }
        return ProxyTrust.withoutProof(cloudRun ? ProxyTrust.Basis.CLOUD_RUN : ProxyTrust.Basis.NONE);
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
                    .map(AddressRange::parse)
                    .toList()));
        }
        return proofs;
    }
}
