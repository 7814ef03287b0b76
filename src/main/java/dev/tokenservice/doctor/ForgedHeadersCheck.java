package dev.tokenservice.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tokenservice.doctor.PublicDocuments.Page;
import java.io.IOException;
import java.util.Map;

/** Whether a caller gets a name by writing certificate headers of its own, without a certificate and with one. */
record ForgedHeadersCheck(RemoteCalls calls, RemotePlatform platform, Findings findings, String endpoint) {

    /** The SPIFFE ID that a forger claims. */
    private static final String FORGED_ID = "spiffe://forged.example/doctor";

    /** What a forger would send: every header of the default flow, in its proper form. */
    private static final Map<String, String> FORGED = Map.of(
            "X-Client-Cert-Present", "true",
            "X-Client-Cert-Chain-Verified", "true",
            "X-Client-Cert-Hash", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU",
            "X-Client-Cert-Spiffe", FORGED_ID,
            "X-Client-Cert-DNSName-SANs", "Zm9yZ2VkLmV4YW1wbGU=",
            "X-Client-Cert-URI-SANs", "aHR0cHM6Ly9mb3JnZWQuZXhhbXBsZS8=",
            "X-Client-Cert-Serial-Number", "01",
            "X-Client-Cert-Valid-Not-Before", "2020-01-01T00:00:00+00:00",
            "X-Client-Cert-Valid-Not-After", "2099-01-01T00:00:00+00:00");

    void run() {
        try {
            Page page = calls.tokenWithoutCertificate(endpoint, FORGED);
            String evidence =
                    "with forged certificate headers and no certificate, " + endpoint + " answers " + page.status();
            if (page.isSuccess()) {
                findings.fail(
                        CheckName.FORGED_HEADERS,
                        evidence + ": anyone who reaches it can claim any name",
                        platform.headers() + "; set PROXY_SECRET; and let only the load balancer reach the service"
                                + platform.choose(
                                        ": gcloud run services update token-service"
                                                + " --ingress=internal-and-cloud-load-balancing",
                                        ""));
                return;
            }
            if (page.status() < 400 || page.status() >= 500) {
                findings.warn(CheckName.FORGED_HEADERS, evidence, "read the log of the service");
                return;
            }
        } catch (IOException e) {
            if (!RemoteCalls.isClosed(e)) {
                findings.warn(
                        CheckName.FORGED_HEADERS,
                        "there is no answer: " + e.getMessage(),
                        "read the log of the service");
                return;
            }
        }
        forgedBesideCertificate();
    }

    private void forgedBesideCertificate() {
        if (calls.hasCertificate()) {
            try {
                Page page = calls.tokenWithCertificate(endpoint, FORGED);
                JsonNode claims =
                        IssuedToken.claims(page.json().path("id_token").asText());
                if (page.isSuccess() && claims.toString().contains(FORGED_ID)) {
                    findings.fail(
                            CheckName.FORGED_HEADERS,
                            "a client with a certificate gets the name that it claims in a header",
                            platform.headers());
                    return;
                }
            } catch (IOException e) {
                // No token, no forgery; the check of the token says what is wrong.
            }
        }
        findings.ok(CheckName.FORGED_HEADERS, "forged certificate headers are refused, or overwritten");
    }
}
