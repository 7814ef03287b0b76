package dev.tokenservice.mtls;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tokenservice.identity.SpiffeId;
import dev.tokenservice.mtls.x509.CertificateVerifier;
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

/** The settings of the proof that a request came from the proxy. What is not set is not asked for. */
@SelfValidating
public final class ProxyFactory {

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

    /** Networks that the proxy connects from. */
    @JsonProperty
    @NotNull
    List<@Nullable String> addresses = List.of();

    /** SPIFFE IDs and DNS names of the proxy's own client certificate. */
    @JsonProperty
    @NotNull
    List<@Nullable String> certificates = List.of();

    /** Says what is wrong with secrets, without repeating them, and with networks and names. */
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
        for (String range : addresses) {
            try {
                AddressRange.parse(String.valueOf(range));
            } catch (IllegalArgumentException e) {
                problems.addViolation("addresses", "each " + e.getMessage());
                return;
            }
        }
    }

    private static boolean isName(String name) {
        return SpiffeId.parse(name).isPresent() || DNS_NAME.matcher(name).matches();
    }

    /** Makes the check of every request with certificate headers. */
    ProxyTrust build(Optional<? extends Supplier<CertificateVerifier>> verifier, Supplier<DeniedCertificates> denied) {
        List<ProxyProof> proofs = new ArrayList<>();
        if (!secrets.isEmpty()) {
            proofs.add(new ProxySecret(
                    secretHeader, secrets.stream().map(Objects::requireNonNull).toList()));
        }
        if (!addresses.isEmpty()) {
            proofs.add(new ProxyAddresses(addresses.stream()
                    .map(Objects::requireNonNull)
                    .map(AddressRange::parse)
                    .toList()));
        }
        return new ProxyTrust(
                proofs,
                certificates.isEmpty()
                        ? Optional.empty()
                        : verifier.map(current -> new ProxyCertificates(
                                certificates.stream()
                                        .map(Objects::requireNonNull)
                                        .toList(),
                                current,
                                denied)));
    }
}
