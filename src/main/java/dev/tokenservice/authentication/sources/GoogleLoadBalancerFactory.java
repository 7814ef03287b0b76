package dev.tokenservice.authentication.sources;

import dev.tokenservice.authentication.CertificateSource;
import dev.tokenservice.authentication.CertificateSourceFactory;
import dev.tokenservice.authentication.ClientIdSetting;
import dev.tokenservice.authentication.Evidence;
import dev.tokenservice.authentication.HeaderName;
import dev.tokenservice.authentication.RequestHeaders;
import dev.tokenservice.configuration.Description;
import dev.tokenservice.configuration.SettingsGroup;
import dev.tokenservice.configuration.Variable;
import dev.tokenservice.identity.ClientIdAttribute;
import io.dropwizard.validation.selfvalidating.SelfValidating;
import io.dropwizard.validation.selfvalidating.SelfValidation;
import io.dropwizard.validation.selfvalidating.ViolationCollector;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The settings of Google's load balancer: the names of its headers. Case does not matter. */
@SettingsGroup("headers")
@Description("Headers in which the load balancer describes the client certificate. The load balancer must "
        + "overwrite each of them.")
@SelfValidating
public final class GoogleLoadBalancerFactory implements CertificateSourceFactory, ClientIdSetting {

    @Variable("MTLS_HEADER_CLIENT_ID")
    @Description("Header whose attribute is the client id in every flow: that of the SPIFFE ID, the DNS SAN, the URI "
            + "SAN or the SHA-256 fingerprint. Default without CLIENT_ID: X-Client-Cert-Spiffe.")
    @Nullable
    @Pattern(regexp = HeaderName.REGEXP, message = HeaderName.ALLOWED)
    String clientId;

    @Variable("MTLS_HEADER_CLIENT_CERT_PRESENT")
    @Description("Holds {client_cert_present}.")
    @NotNull
    @Pattern(regexp = HeaderName.REGEXP, message = HeaderName.ALLOWED)
    String present = "X-Client-Cert-Present";

    @Variable("MTLS_HEADER_CLIENT_CERT_CHAIN_VERIFIED")
    @Description("Holds {client_cert_chain_verified}.")
    @NotNull
    @Pattern(regexp = HeaderName.REGEXP, message = HeaderName.ALLOWED)
    String chainVerified = "X-Client-Cert-Chain-Verified";

    @Variable("MTLS_HEADER_CLIENT_CERT_ERROR")
    @Description("Holds {client_cert_error}.")
    @NotNull
    @Pattern(regexp = HeaderName.REGEXP, message = HeaderName.ALLOWED)
    String error = "X-Client-Cert-Error";

    @Variable("MTLS_HEADER_CLIENT_CERT_SHA256_FINGERPRINT")
    @Description("Holds {client_cert_sha256_fingerprint}.")
    @NotNull
    @Pattern(regexp = HeaderName.REGEXP, message = HeaderName.ALLOWED)
    String sha256Fingerprint = "X-Client-Cert-Hash";

    @Variable("MTLS_HEADER_CLIENT_CERT_SPIFFE_ID")
    @Description("Holds {client_cert_spiffe_id}.")
    @NotNull
    @Pattern(regexp = HeaderName.REGEXP, message = HeaderName.ALLOWED)
    String spiffeId = "X-Client-Cert-Spiffe";

    @Variable("MTLS_HEADER_CLIENT_CERT_URI_SANS")
    @Description("Holds {client_cert_uri_sans}.")
    @NotNull
    @Pattern(regexp = HeaderName.REGEXP, message = HeaderName.ALLOWED)
    String uriSans = "X-Client-Cert-URI-SANs";

    @Variable("MTLS_HEADER_CLIENT_CERT_DNSNAME_SANS")
    @Description("Holds {client_cert_dnsname_sans}.")
    @NotNull
    @Pattern(regexp = HeaderName.REGEXP, message = HeaderName.ALLOWED)
    String dnsSans = "X-Client-Cert-DNSName-SANs";

    @Variable("MTLS_HEADER_CLIENT_CERT_SERIAL_NUMBER")
    @Description("Holds {client_cert_serial_number}.")
    @NotNull
    @Pattern(regexp = HeaderName.REGEXP, message = HeaderName.ALLOWED)
    String serialNumber = "X-Client-Cert-Serial-Number";

    @Variable("MTLS_HEADER_CLIENT_CERT_VALID_NOT_BEFORE")
    @Description("Holds {client_cert_valid_not_before}.")
    @NotNull
    @Pattern(regexp = HeaderName.REGEXP, message = HeaderName.ALLOWED)
    String notBefore = "X-Client-Cert-Valid-Not-Before";

    @Variable("MTLS_HEADER_CLIENT_CERT_VALID_NOT_AFTER")
    @Description("Holds {client_cert_valid_not_after}.")
    @NotNull
    @Pattern(regexp = HeaderName.REGEXP, message = HeaderName.ALLOWED)
    String notAfter = "X-Client-Cert-Valid-Not-After";

    @Variable("MTLS_HEADER_CLIENT_CERT_SUBJECT_DN")
    @Description("Holds {client_cert_subject_dn}, for a client id or claims from the subject.")
    @Nullable
    @Pattern(regexp = HeaderName.REGEXP, message = HeaderName.ALLOWED)
    String subject;

    @Variable("MTLS_HEADER_CLIENT_CERT_ISSUER_DN")
    @Description("Holds {client_cert_issuer_dn}.")
    @Nullable
    @Pattern(regexp = HeaderName.REGEXP, message = HeaderName.ALLOWED)
    String issuer;

    @Variable("MTLS_HEADER_CLIENT_CERT_LEAF")
    @Description("Holds {client_cert_leaf}, the certificate itself. The service then reads the attributes from it, and "
            + "the other headers must agree.")
    @Nullable
    @Pattern(regexp = HeaderName.REGEXP, message = HeaderName.ALLOWED)
    String leaf;

    @Variable("MTLS_HEADER_CLIENT_CERT_CHAIN")
    @Description("Holds {client_cert_chain}.")
    @Nullable
    @Pattern(regexp = HeaderName.REGEXP, message = HeaderName.ALLOWED)
    String chain;

    @Override
    public String flow() {
        return "xlb-mtls-client-credentials";
    }

    /** Returns every header in which the load balancer tells something. */
    @Override
    public Set<String> headers() {
        return Set.copyOf(attributeHeaders().values());
    }

    @Override
    public Evidence.Kind best() {
        return leaf == null ? Evidence.Kind.SUMMARY : Evidence.Kind.VOUCHED_FOR;
    }

    @Override
    public CertificateSource build() {
        return new GoogleLoadBalancerSource(this);
    }

    /** Returns the header with the certificate itself, where it is passed on. */
    Optional<String> leaf() {
        return Optional.ofNullable(leaf);
    }

    /** Returns the header with the rest of its chain, where it is passed on. */
    Optional<String> chain() {
        return Optional.ofNullable(chain);
    }

    /** Returns the header with the DER of the subject, where it is told. */
    Optional<String> subject() {
        return Optional.ofNullable(subject);
    }

    /** Returns the header with the DER of the issuer, where it is told. */
    Optional<String> issuer() {
        return Optional.ofNullable(issuer);
    }

    @Override
    public Optional<ClientIdAttribute> clientIdAttribute() {
        return Optional.ofNullable(clientId).map(header -> clientIdCandidates().get(RequestHeaders.fold(header)));
    }

    @Override
    public boolean canTell(ClientIdAttribute attribute) {
        return switch (attribute) {
            case COMMON_NAME, SUBJECT -> subject != null || leaf != null;
            default -> CertificateSourceFactory.super.canTell(attribute);
        };
    }

    /** Returns the four headers whose attribute can be a client id, by folded name. */
    private Map<String, ClientIdAttribute> clientIdCandidates() {
        return Map.of(
                RequestHeaders.fold(spiffeId), ClientIdAttribute.SPIFFE_ID,
                RequestHeaders.fold(dnsSans), ClientIdAttribute.DNS_SAN,
                RequestHeaders.fold(uriSans), ClientIdAttribute.URI_SAN,
                RequestHeaders.fold(sha256Fingerprint), ClientIdAttribute.SHA256_FINGERPRINT);
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
        if (subject != null) {
            headers.put("subject", subject);
        }
        if (issuer != null) {
            headers.put("issuer", issuer);
        }
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
                        key, "is already the header of " + other + ": every attribute needs its own header");
            }
        });
        if (problems.hasViolationOccurred()) {
            return;
        }
        if (clientId != null && !clientIdCandidates().containsKey(RequestHeaders.fold(clientId))) {
            problems.addViolation(
                    "clientId", "must be one of the headers " + List.of(spiffeId, dnsSans, uriSans, sha256Fingerprint));
        }
    }

    /** A chain without its first certificate verifies nothing. */
    @SelfValidation
    public void validateChain(ViolationCollector problems) {
        if (chain != null && leaf == null) {
            problems.addViolation("leaf", "must be set with MTLS_HEADER_CLIENT_CERT_CHAIN");
        }
    }
}
