package dev.tokenservice.authentication;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tokenservice.identity.ClientIdAttribute;
import io.dropwizard.validation.selfvalidating.SelfValidating;
import io.dropwizard.validation.selfvalidating.SelfValidation;
import io.dropwizard.validation.selfvalidating.ViolationCollector;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The names of the headers in which the load balancer tells about the client certificate. Case does not matter. */
@SelfValidating
public final class HeaderNames {

    static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}";
    static final String ALLOWED = "must be an HTTP header name (RFC 9110 section 5.1), 1 to 128 characters";

    /** The header whose attribute becomes the client id. */
    @JsonProperty
    @NotNull
    @Pattern(regexp = TOKEN, message = ALLOWED)
    String clientId = "X-Client-Cert-Spiffe";

    @JsonProperty
    @NotNull
    @Pattern(regexp = TOKEN, message = ALLOWED)
    String present = "X-Client-Cert-Present";

    @JsonProperty
    @NotNull
    @Pattern(regexp = TOKEN, message = ALLOWED)
    String chainVerified = "X-Client-Cert-Chain-Verified";

    @JsonProperty
    @NotNull
    @Pattern(regexp = TOKEN, message = ALLOWED)
    String error = "X-Client-Cert-Error";

    @JsonProperty
    @NotNull
    @Pattern(regexp = TOKEN, message = ALLOWED)
    String sha256Fingerprint = "X-Client-Cert-Hash";

    @JsonProperty
    @NotNull
    @Pattern(regexp = TOKEN, message = ALLOWED)
    String spiffeId = "X-Client-Cert-Spiffe";

    @JsonProperty
    @NotNull
    @Pattern(regexp = TOKEN, message = ALLOWED)
    String uriSans = "X-Client-Cert-URI-SANs";

    @JsonProperty
    @NotNull
    @Pattern(regexp = TOKEN, message = ALLOWED)
    String dnsSans = "X-Client-Cert-DNSName-SANs";

    @JsonProperty
    @NotNull
    @Pattern(regexp = TOKEN, message = ALLOWED)
    String serialNumber = "X-Client-Cert-Serial-Number";

    @JsonProperty
    @NotNull
    @Pattern(regexp = TOKEN, message = ALLOWED)
    String notBefore = "X-Client-Cert-Valid-Not-Before";

    @JsonProperty
    @NotNull
    @Pattern(regexp = TOKEN, message = ALLOWED)
    String notAfter = "X-Client-Cert-Valid-Not-After";

    /** The header with the certificate itself, where the load balancer is to pass it on. */
    @JsonProperty
    @Nullable
    @Pattern(regexp = TOKEN, message = ALLOWED)
    String leaf;

    /** The header with the rest of its chain. */
    @JsonProperty
    @Nullable
    @Pattern(regexp = TOKEN, message = ALLOWED)
    String chain;

    /** The headers of proxies that pass the certificate on whole. */
    @JsonProperty
    @Valid
    @NotNull
    PemHeaderNames pem = new PemHeaderNames();

    /** The header that says whether there is a certificate. */
    public String present() {
        return present;
    }

    /** The header that says whether it was verified. */
    public String chainVerified() {
        return chainVerified;
    }

    /** The header that says why it was not. */
    public String error() {
        return error;
    }

    /** The header that holds the fingerprint. */
    public String sha256Fingerprint() {
        return sha256Fingerprint;
    }

    /** The header that holds the SPIFFE ID. */
    public String spiffeId() {
        return spiffeId;
    }

    /** The header that holds the other URI SANs. */
    public String uriSans() {
        return uriSans;
    }

    /** The header that holds the DNS SANs. */
    public String dnsSans() {
        return dnsSans;
    }

    /** The header that holds the serial number. */
    public String serialNumber() {
        return serialNumber;
    }

    /** The header that holds the start of the validity. */
    public String notBefore() {
        return notBefore;
    }

    /** The header that holds the end of the validity. */
    public String notAfter() {
        return notAfter;
    }

    /** The header with the certificate itself, where it is passed on. */
    public Optional<String> leaf() {
        return Optional.ofNullable(leaf);
    }

    /** The header with the rest of its chain, where it is passed on. */
    public Optional<String> chain() {
        return Optional.ofNullable(chain);
    }

    /** The headers of proxies that pass the certificate on whole. */
    public PemHeaderNames pem() {
        return pem;
    }

    /** The attribute that the client id header stands for. */
    public ClientIdAttribute clientIdAttribute() {
        return Optional.ofNullable(clientIdCandidates().get(RequestHeaders.fold(clientId)))
                .orElseThrow(() -> new IllegalStateException("validated: clientId is one of the four headers"));
    }

    /** The four headers whose attribute can be a client id, by folded name. */
    private Map<String, ClientIdAttribute> clientIdCandidates() {
        return Map.of(
                RequestHeaders.fold(spiffeId), ClientIdAttribute.SPIFFE_ID,
                RequestHeaders.fold(dnsSans), ClientIdAttribute.DNS_SAN,
                RequestHeaders.fold(uriSans), ClientIdAttribute.URI_SAN,
                RequestHeaders.fold(sha256Fingerprint), ClientIdAttribute.SHA256_FINGERPRINT);
    }

    /** Every header in which the load balancer tells something. */
    public Set<String> all() {
        return Set.copyOf(attributeHeaders().values());
    }

    private Map<String, String> attributeHeaders() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("present", present);
        headers.put("chainVerified", chainVerified);
        headers.put("error", error);
        headers.put("sha256Fingerprint", sha256Fingerprint);
        headers.put("spiffeId", spiffeId);
        headers.put("uriSans", uriSans);
        headers.put("dnsSans", dnsSans);
        headers.put("serialNumber", serialNumber);
        headers.put("notBefore", notBefore);
        headers.put("notAfter", notAfter);
        if (leaf != null) {
            headers.put("leaf", leaf);
        }
        if (chain != null) {
            headers.put("chain", chain);
        }
        return headers;
    }

    /**
     * Two attributes under one name could not be told apart, and {@code _} and {@code -} count as one character. The client
     * id is one of the attributes that name a certificate.
     */
    @SelfValidation
    public void validateNames(ViolationCollector problems) {
        Map<String, String> seen = new HashMap<>();
        attributeHeaders().forEach((key, header) -> {
            String other = seen.putIfAbsent(RequestHeaders.fold(header), key);
            if (other != null) {
                problems.addViolation(
                        key, "is the header of " + other + " already: every attribute needs one of its own");
            }
        });
        if (problems.hasViolationOccurred()) {
            return;
        }
        if (!clientIdCandidates().containsKey(RequestHeaders.fold(clientId))) {
            problems.addViolation(
                    "clientId", "must be one of the headers " + List.of(spiffeId, dnsSans, uriSans, sha256Fingerprint));
        }
    }
}
