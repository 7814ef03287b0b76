package dev.tokenservice.authentication.sources;

import dev.tokenservice.authentication.CertificateSource;
import dev.tokenservice.authentication.Evidence;
import dev.tokenservice.authentication.IncomingRequest;
import dev.tokenservice.authentication.RequestHeaders;
import dev.tokenservice.authentication.UnsoundEvidence;
import dev.tokenservice.oauth.Quoted;
import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
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
 * </pre>
 */
final class GoogleLoadBalancerSource implements CertificateSource {

    private static final Pattern ERROR = Pattern.compile("[A-Za-z0-9_]{1,64}(?:, ?[A-Za-z0-9_]{1,64}){0,15}");
    private static final Pattern SIZE_ERRORS =
            Pattern.compile("[a-z0-9_]+_exceeded_size_limit(?:, ?[a-z0-9_]+_exceeded_size_limit)*");
    private static final String NOT_PROVIDED = "client_cert_not_provided";
    private static final String RUN_APP = ".run.app";

    private final GoogleLoadBalancerFactory names;
    private final GoogleSummary summary;
    private final GoogleForwardedChain certificate;

    GoogleLoadBalancerSource(GoogleLoadBalancerFactory names) {
        this.names = names;
        this.summary = new GoogleSummary(names);
        this.certificate = new GoogleForwardedChain(names);
    }

    @Override
    public Evidence evidence(IncomingRequest request) {
        RequestHeaders headers = request.headers();
        boolean present = flag(headers, names.present, "PRESENT");
        boolean verified = flag(headers, names.chainVerified, "CHAIN_VERIFIED");
        Optional<String> error = headers.single(names.error);
        if (error.isPresent() && !ERROR.matcher(error.get()).matches()) {
            throw GoogleSummary.contradictory(names.error + " is malformed").exception();
        }
        if (present && !verified) {
            Refusal refusal = GoogleVerificationError.refusal(error.orElse(""), unverified(headers))
                    .build();
            return UnsoundEvidence.notVerified(refusal, () -> Evidence.summary(summary.read(headers)));
        }
        checkVerified(present, verified, error);
        return certificate.evidence(summary.read(headers), headers);
    }

    /** This check comes first, because the load balancer also sends the hash of unverified certificates. */
    private static void checkVerified(boolean present, boolean verified, Optional<String> error) {
        if (verified && !present) {
            throw GoogleSummary.contradictory("the certificate is verified, but not present")
                    .exception();
        }
        if (!present) {
            throw GoogleVerificationError.refusal(error.orElse(NOT_PROVIDED), "")
                    .exception();
        }
        if (error.isPresent() && !SIZE_ERRORS.matcher(error.get()).matches()) {
            throw GoogleSummary.contradictory("the certificate is verified, but has the error " + error.get())
                    .exception();
        }
    }

    /** Which certificate it was, for the log and for nothing else: nobody has vouched for it. */
    private String unverified(RequestHeaders headers) {
        String fingerprint =
                headers.single(names.sha256Fingerprint).map(Quoted::of).orElse("unknown");
        String serialNumber = headers.single(names.serialNumber).map(Quoted::of).orElse("unknown");
        return "; the unverified certificate has the fingerprint " + fingerprint + " and the serial number "
                + serialNumber;
    }

    private boolean flag(RequestHeaders headers, String name, String variable) {
        String value = headers.single(name)
                .orElseThrow(() -> Refusal.because(
                                ReasonCode.NO_CERTIFICATE, "no client certificate was verified for this connection")
                        .detail("header " + name + " (MTLS_HEADER_CLIENT_CERT_" + variable + ") "
                                + whyMissing(headers, name))
                        .exception());
        if (value.equalsIgnoreCase("true")) {
            return true;
        }
        if (value.equalsIgnoreCase("false")) {
            return false;
        }
        throw GoogleSummary.contradictory(name + " is neither true nor false").exception();
    }

    /** Several mistakes have the same symptom; what else came with the request tells them apart. */
    private String whyMissing(RequestHeaders headers, String name) {
        if (headers.has(name)) {
            return "is empty: check that the load balancer fills in its variable, and that a server TLS policy "
                    + "is attached to "
                    + "the target HTTPS proxy";
        }
        if (names.headers().stream().anyMatch(headers::has)) {
            return "is missing, but other headers of the load balancer are present: set it in the backend "
                    + "service, with exactly this name (--custom-request-header)";
        }
        if (headers.single("Host").filter(host -> host.endsWith(RUN_APP)).isPresent()) {
            return "is missing: the request was sent to the address of Cloud Run, past the load balancer; set "
                    + "the ingress of "
                    + "the service to internal-and-cloud-load-balancing";
        }
        return "is missing: call through the load balancer, and check that its backend service sets this custom "
                + "request header";
    }
}
