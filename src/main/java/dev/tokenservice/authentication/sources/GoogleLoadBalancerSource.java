package dev.tokenservice.authentication.sources;

import dev.tokenservice.authentication.CertificateSource;
import dev.tokenservice.authentication.HeaderNames;
import dev.tokenservice.authentication.IncomingRequest;
import dev.tokenservice.authentication.RequestHeaders;
import dev.tokenservice.authentication.SourceSettings;
import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.identity.MalformedCertificateException;
import dev.tokenservice.identity.SpiffeId;
import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.OAuthException;
import dev.tokenservice.tls.TlsFactory;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Google Cloud Application Load Balancer with custom request headers.
 *
 * <p>The load balancer fills variables into headers that the operator names. Grammar of the values:
 *
 * <pre>
 * present, chain_verified  = "true" / "false"
 * error                    = "" / code *( "," code ): the load balancer adds one for each attribute that is too long
 * code                     = 1*64( ALPHA / DIGIT / "_" )
 * sha256_fingerprint       = 43( base64 character ), without padding; filled before the certificate is verified
 * serial_number            = hex byte *( ":" hex byte ), lower case
 * spiffe_id                = a SPIFFE ID, in plain text
 * uri_sans, dnsname_sans   = base64 item *( "," base64 item ), each item padded or not
 * valid_not_before, _after = RFC 3339 date and time, without fractions of a second
 * </pre>
 */
public final class GoogleLoadBalancerSource implements CertificateSource {

    private static final Pattern ERROR = Pattern.compile("[A-Za-z0-9_]{1,64}(?:, ?[A-Za-z0-9_]{1,64}){0,15}");
    private static final Pattern SIZE_ERRORS =
            Pattern.compile("[a-z0-9_]+_exceeded_size_limit(?:, ?[a-z0-9_]+_exceeded_size_limit)*");
    private static final String NOT_PROVIDED = "client_cert_not_provided";
    private static final String RUN_APP = ".run.app";
    private static final int MAX_LIST_LENGTH = 16_384;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssXXX", Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT);

    private final HeaderNames names;
    private final GoogleCertificate certificate;

    private GoogleLoadBalancerSource(SourceSettings settings) {
        this.names = settings.headers();
        this.certificate = new GoogleCertificate(settings);
    }

    /** Registers the flow. */
    public static final class Factory extends Dialect {
        public Factory() {
            super("xlb-mtls-client-credentials", HeaderNames::all, GoogleLoadBalancerSource::new);
        }

        @Override
        public Map<String, String> missing(HeaderNames names, TlsFactory tls) {
            return names.leaf().isPresent() || tls.isEnabled() || !tls.hasTrustBundle()
                    ? Map.of()
                    : Map.of(
                            "headers.leaf",
                            "must be set where MTLS_TRUST_BUNDLE is: without the certificate there is nothing to verify with it");
        }
    }

    @Override
    public ClientCertificate certificate(IncomingRequest request) {
        RequestHeaders headers = request.headers();
        boolean present = flag(headers, names.present(), "PRESENT");
        boolean verified = flag(headers, names.chainVerified(), "CHAIN_VERIFIED");
        Optional<String> error = headers.single(names.error());
        if (error.isPresent() && !ERROR.matcher(error.get()).matches()) {
            throw contradictory(names.error() + " is malformed");
        }
        if (present && !verified) {
            String code = error.orElse("");
            throw refused(GoogleCertificateError.reason(code))
                    .withDetail(GoogleCertificateError.detail(code) + unverified(headers));
        }
        checkVerified(present, verified, error);
        return certificate.believe(read(headers), headers);
    }

    /** Nothing else is looked at before this has passed: the hash is there for unverified certificates, too. */
    private static void checkVerified(boolean present, boolean verified, Optional<String> error) {
        if (verified && !present) {
            throw contradictory("the certificate is verified, but not present");
        }
        if (!present) {
            throw refused(GoogleCertificateError.reason(NOT_PROVIDED))
                    .withDetail(GoogleCertificateError.detail(error.orElse(NOT_PROVIDED)));
        }
        if (error.isPresent() && !SIZE_ERRORS.matcher(error.get()).matches()) {
            throw contradictory("the certificate is verified, but has the error " + error.get());
        }
    }

    /** Which certificate it was, for the log and for nothing else: nobody has vouched for it. */
    private String unverified(RequestHeaders headers) {
        String fingerprint = headers.single(names.sha256Fingerprint())
                .map(OAuthException::quote)
                .orElse("unknown");
        String serialNumber =
                headers.single(names.serialNumber()).map(OAuthException::quote).orElse("unknown");
        return "; the certificate that was not verified has the fingerprint " + fingerprint + " and the serial number "
                + serialNumber;
    }

    /** A SPIFFE ID in both headers is one name told twice; twice in the list it is two names. */
    private ClientCertificate read(RequestHeaders headers) {
        List<String> uris = list(headers, names.uriSans());
        headers.single(names.spiffeId())
                .map(id ->
                        SpiffeId.parse(id).orElseThrow(() -> contradictory(names.spiffeId() + " is not a SPIFFE ID")))
                .filter(id -> Collections.frequency(uris, id.uri()) != 1)
                .ifPresent(id -> uris.add(id.uri()));
        try {
            return ClientCertificate.ofUris(
                    uris,
                    list(headers, names.dnsSans()),
                    headers.single(names.sha256Fingerprint()),
                    headers.single(names.serialNumber()),
                    time(headers, names.notBefore()),
                    time(headers, names.notAfter()));
        } catch (MalformedCertificateException e) {
            throw contradictory(e.getMessage() == null ? "an attribute is malformed" : e.getMessage())
                    .withCause(e);
        }
    }

    private boolean flag(RequestHeaders headers, String name, String variable) {
        String value = headers.single(name)
                .orElseThrow(() -> refused("no client certificate was verified for this connection")
                        .withDetail("header " + name + " (MTLS_HEADER_CLIENT_CERT_" + variable + ") "
                                + whyMissing(headers, name)));
        if (value.equalsIgnoreCase("true")) {
            return true;
        }
        if (value.equalsIgnoreCase("false")) {
            return false;
        }
        throw contradictory(name + " is neither true nor false");
    }

    /** Several mistakes have the same symptom; what else came with the request tells them apart. */
    private String whyMissing(RequestHeaders headers, String name) {
        if (headers.has(name)) {
            return "is empty: see that the load balancer fills its variable in, and that a server TLS policy is attached to "
                    + "the target HTTPS proxy";
        }
        if (names.all().stream().anyMatch(headers::has)) {
            return "is missing, while others of the load balancer are there: its backend service must set it, under this "
                    + "very name (--custom-request-header)";
        }
        if (headers.single("Host").filter(host -> host.endsWith(RUN_APP)).isPresent()) {
            return "is missing: the request was sent to the address of Cloud Run, past the load balancer; set the ingress of "
                    + "the service to internal-and-cloud-load-balancing";
        }
        return "is missing: call through the load balancer, and see that its backend service sets this custom request header";
    }

    /** No white space between the items: a proxy that joins two headers of one name leaves some. */
    private static List<String> list(RequestHeaders headers, String name) {
        Optional<String> value = headers.single(name);
        List<String> items = new ArrayList<>();
        if (value.isEmpty()) {
            return items;
        }
        if (value.get().length() > MAX_LIST_LENGTH) {
            throw contradictory(name + " is longer than any load balancer sends it");
        }
        for (String item : value.get().split(",", -1)) {
            items.add(decode(item, name));
        }
        return items;
    }

    private static String decode(String item, String name) {
        try {
            byte[] decoded = Base64.getDecoder().decode(item);
            checkCanonical(item, decoded, name);
            return StandardCharsets.US_ASCII
                    .newDecoder()
                    .decode(ByteBuffer.wrap(decoded))
                    .toString();
        } catch (IllegalArgumentException e) {
            throw contradictory(name + " is not a list of base64 items").withCause(e);
        } catch (CharacterCodingException e) {
            throw contradictory(name + " holds non-ASCII characters").withCause(e);
        }
    }

    /** Bits beyond the last byte must be zero (RFC 4648 section 3.5), which the decoder does not insist on. */
    private static void checkCanonical(String item, byte[] decoded, String name) {
        if (!Base64.getEncoder().encodeToString(decoded).startsWith(item)) {
            throw contradictory(name + " holds base64 that no encoder makes");
        }
    }

    private static Optional<Instant> time(RequestHeaders headers, String name) {
        try {
            return headers.single(name)
                    .map(text -> OffsetDateTime.parse(text, TIME).toInstant());
        } catch (DateTimeParseException e) {
            throw contradictory(name + " is not a date and time (RFC 3339)").withCause(e);
        }
    }

    private static OAuthException refused(String description) {
        return OAuthException.of(OAuthError.INVALID_CLIENT, description);
    }

    private static OAuthException contradictory(String detail) {
        return OAuthException.of(
                        OAuthError.INVALID_CLIENT, "what the load balancer says of the client certificate is not sound")
                .withDetail(detail);
    }
}
