package dev.tokenservice.authentication;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** The headers in which nginx, HAProxy and their like pass a certificate on. */
public final class PemHeaderNames {

    @JsonProperty
    @NotNull
    @Pattern(regexp = HeaderNames.TOKEN, message = HeaderNames.ALLOWED)
    String certificate = "X-SSL-Client-Cert";

    /** Empty where the proxy does not say whether the certificate is good. */
    @JsonProperty
    @NotNull
    @Pattern(regexp = "|" + HeaderNames.TOKEN, message = HeaderNames.ALLOWED)
    String verify = "X-SSL-Client-Verify";

    @JsonProperty
    @NotEmpty(message = "must be the value that stands for a verified certificate")
    String verified = "SUCCESS";

    /** The header with the certificate. */
    public String certificate() {
        return certificate;
    }

    /** The header that says whether it was verified. */
    public Optional<String> verify() {
        return Optional.of(verify).filter(name -> !name.isEmpty());
    }

    /** Its only good value. */
    public String verified() {
        return verified;
    }

    /** Every header in which the proxy tells something. */
    public Set<String> all() {
        Set<String> all = new LinkedHashSet<>(verify().stream().toList());
        all.add(certificate);
        return Set.copyOf(all);
    }
}
