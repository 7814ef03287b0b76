package dev.tokenservice.authentication.sources;

import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import java.util.List;

/** What the load balancer's {@code client_cert_error} means: in general words for clients, and with a remedy for operators. */
final class GoogleVerificationError {

    private static final String PREFIX = "client_cert_";
    private static final String NOT_ACCEPTED =
            "the client certificate could not be verified: it is expired, revoked, or not issued by a trusted "
                    + "authority";
    private static final String TRUST_CONFIG =
            "check that the server TLS policy of the target HTTPS proxy names an existing TrustConfig in its "
                    + "clientValidationTrustConfig";

    /** The first one whose word is in the code counts. */
    private static final List<Meaning> MEANINGS = List.of(
            new Meaning(
                    "not_provided",
                    ReasonCode.NO_CERTIFICATE,
                    "send a client certificate: the connection came without one",
                    "the client sent no certificate, or the load balancer requested none: check that a server "
                            + "TLS policy is attached to "
                            + "the target HTTPS proxy (gcloud compute target-https-proxies describe "
                            + "token-service-proxy --global --format='value(serverTlsPolicy)')"),
            new Meaning("trust_config_not_found", ReasonCode.NOT_VERIFIED, operator(), TRUST_CONFIG),
            new Meaning("validation_not_performed", ReasonCode.NOT_VERIFIED, operator(), TRUST_CONFIG),
            new Meaning(
                    "eku",
                    ReasonCode.WRONG_PURPOSE,
                    "the client certificate is not meant for client authentication",
                    "issue it with the extended key usage clientAuth, and every intermediate that restricts its own "
                            + "with clientAuth as well"),
            keyOfUnacceptedKind("key_size"),
            keyOfUnacceptedKind("elliptic_curve"),
            keyOfUnacceptedKind("key_algorithm"),
            tooLarge("exceeded"),
            tooLarge("too_large"),
            tooLarge("timed_out"));

    private static final Meaning OTHER = new Meaning(
            "",
            ReasonCode.NOT_VERIFIED,
            NOT_ACCEPTED,
            "check whether it is expired, and whether the TrustConfig holds its root as trust anchor and every "
                    + "intermediate CA "
                    + "that clients do not send");

    /**
     * A meaning.
     *
     * @param word what the code contains
     * @param reason why nothing is believed
     * @param description for the client: the exact error helps an attacker to build a chain that passes
     * @param remedy for the operator
     */
    private record Meaning(String word, ReasonCode reason, String description, String remedy) {}

    private GoogleVerificationError() {}

    private static String operator() {
        return "the load balancer could not verify the client certificate: its operator has to act";
    }

    private static Meaning keyOfUnacceptedKind(String word) {
        return new Meaning(
                word,
                ReasonCode.WEAK,
                "the client certificate has a key of a kind or size that is not accepted",
                "issue it, and its authorities, for an RSA key of 2048 to 4096 bits or an EC key on P-256 or P-384");
    }

    private static Meaning tooLarge(String word) {
        return new Meaning(
                word,
                ReasonCode.NOT_VERIFIED,
                "the client certificate or its chain is too large to be verified",
                "keep the chain short, and the TrustConfig free of authorities with the same name and key");
    }

    /**
     * Returns the refusal of a certificate that the load balancer did not verify.
     *
     * @param further further details for the log
     */
    static Refusal.Builder refusal(String code, String further) {
        Meaning meaning = meaning(code);
        return Refusal.because(meaning.reason(), meaning.description())
                .detail("client_cert_error is " + (code.isEmpty() ? "empty" : code) + ": " + meaning.remedy()
                        + further);
    }

    private static Meaning meaning(String code) {
        String rest = code.replace(PREFIX, "");
        return MEANINGS.stream()
                .filter(meaning -> rest.contains(meaning.word()))
                .findFirst()
                .orElse(OTHER);
    }
}
