package dev.tokenservice.authentication.sources;

import dev.tokenservice.authentication.CertificateSource;
import dev.tokenservice.authentication.CertificateSourceFactory;
import dev.tokenservice.authentication.Evidence;
import dev.tokenservice.authentication.HeaderName;
import dev.tokenservice.authentication.IncomingRequest;
import dev.tokenservice.authentication.RequestHeaders;
import dev.tokenservice.authentication.UnsoundEvidence;
import dev.tokenservice.configuration.Description;
import dev.tokenservice.configuration.SettingsGroup;
import dev.tokenservice.configuration.Variable;
import dev.tokenservice.oauth.Quoted;
import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * nginx, HAProxy, Traefik, Cloudflare, and any other proxy that forwards the certificate in a header that the operator names.
 *
 * <pre>
 * certificate = url-encoded PEM                   nginx $ssl_client_escaped_cert
 *             / base64 of DER *( "," more )       HAProxy %[ssl_c_der,base64], Traefik, Cloudflare
 * verify      = the value that means verified, or another      nginx $ssl_client_verify: SUCCESS; HAProxy %[ssl_c_verify]: 0
 * </pre>
 *
 * Without a verify header nobody says that the certificate is valid: then a trust bundle must decide.
 */
public final class PemSource implements CertificateSource {

    private static final String PEM_START = "-----BEGIN";

    private final Factory settings;

    private PemSource(Factory settings) {
        this.settings = settings;
    }

    /** The settings: the headers in which the proxy forwards the certificate. */
    @SettingsGroup("headers.pem")
    @Description("For the flow pem-mtls-client-credentials: nginx, HAProxy, Traefik, Cloudflare.")
    public static final class Factory implements CertificateSourceFactory {

        @Variable("MTLS_HEADER_PEM_CERT")
        @Description("Header with the certificate, as URL-encoded PEM or base64 of DER.")
        @NotNull
        @Pattern(regexp = HeaderName.REGEXP, message = HeaderName.ALLOWED)
        String certificate = "X-SSL-Client-Cert";

        @Variable(value = "MTLS_HEADER_PEM_VERIFY", mayBeEmpty = true)
        @Description(
                "Header that says whether the proxy verified the certificate. Empty if only the trust bundle decides.")
        @NotNull
        @Pattern(regexp = "|" + HeaderName.REGEXP, message = HeaderName.ALLOWED)
        String verify = "X-SSL-Client-Verify";

        @Variable("MTLS_HEADER_PEM_VERIFIED_VALUE")
        @Description("Value of this header that means verified: SUCCESS for nginx, 0 for HAProxy.")
        @NotEmpty(message = "must be the value that means a verified certificate")
        String verified = "SUCCESS";

        private Optional<String> verify() {
            return Optional.of(verify).filter(name -> !name.isEmpty());
        }

        @Override
        public String flow() {
            return "pem-mtls-client-credentials";
        }

        @Override
        public Set<String> headers() {
            return Stream.of(certificate, verify)
                    .filter(name -> !name.isEmpty())
                    .collect(Collectors.toUnmodifiableSet());
        }

        @Override
        public Evidence.Kind best() {
            return verify.isEmpty() ? Evidence.Kind.UNVERIFIED : Evidence.Kind.VOUCHED_FOR;
        }

        @Override
        public CertificateSource build() {
            return new PemSource(this);
        }
    }

    @Override
    public Evidence evidence(IncomingRequest request) {
        RequestHeaders headers = request.headers();
        Optional<Refusal> problem = settings.verify().flatMap(header -> problem(headers, header));
        if (problem.isPresent()) {
            return UnsoundEvidence.notVerified(problem.get(), () -> Evidence.unverified(chain(headers)));
        }
        List<X509Certificate> chain = chain(headers);
        return settings.verify().isPresent() ? Evidence.vouchedFor(chain) : Evidence.unverified(chain);
    }

    /** Why the proxy does not vouch for the certificate; empty if it does. */
    private Optional<Refusal> problem(RequestHeaders headers, String header) {
        String value = headers.single(header).orElseThrow(() -> UnsoundEvidence.missing(header));
        if (value.equals(settings.verified)) {
            return Optional.empty();
        }
        return Optional.of(Refusal.because(
                        ReasonCode.NOT_VERIFIED,
                        "the client certificate is missing, or it could not be verified: it is expired, revoked, or "
                                + "not issued by a trusted authority")
                .detail("header " + header + " is " + Quoted.of(value))
                .build());
    }

    private List<X509Certificate> chain(RequestHeaders headers) {
        return headers.parsed(settings.certificate, PemSource::chain)
                .orElseThrow(() -> UnsoundEvidence.missing(settings.certificate));
    }

    private static List<X509Certificate> chain(String value) {
        return value.startsWith(PEM_START)
                ? EncodedCertificates.ofUrlEncodedPem(value)
                : EncodedCertificates.ofBase64List(value);
    }
}
