package dev.tokenservice.doctor;

import dev.tokenservice.doctor.PublicDocuments.Page;
import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.Paths;
import java.io.IOException;
import java.util.Map;

/** Whether a caller without a certificate gets no token, and is told why. */
record NoCertificateCheck(RemoteCalls calls, RemotePlatform platform, Findings findings, String endpoint) {

    void run() {
        try {
            judgeWithoutCertificate(calls.tokenWithoutCertificate(endpoint, Map.of()));
        } catch (IOException e) {
            if (RemoteCalls.isClosed(e)) {
                findings.ok(
                        CheckName.NO_CERTIFICATE, "without a certificate there is no connection: " + e.getMessage());
            } else {
                findings.fail(
                        CheckName.NO_CERTIFICATE,
                        "there is no answer: " + e.getMessage(),
                        "read the log of the service");
            }
        }
    }

    private void judgeWithoutCertificate(Page page) {
        String evidence = "without a certificate " + endpoint + " answers " + page.status();
        if (page.isSuccess()) {
            findings.fail(
                    CheckName.NO_CERTIFICATE,
                    evidence + ": anyone gets a token",
                    "find out whose certificate the load balancer forwards, and " + platform.headers());
        } else if (page.status() != 401 || !page.error().equals(OAuthError.INVALID_CLIENT.code())) {
            findings.fail(
                    CheckName.NO_CERTIFICATE,
                    evidence + ", and not 401 with the JSON error invalid_client",
                    "find out who answers there: curl -v -d grant_type=client_credentials " + endpoint);
        } else if (!page.header("Cache-Control").contains("no-store")) {
            findings.warn(
                    CheckName.NO_CERTIFICATE,
                    evidence + ", and a cache may keep it: Cache-Control is '" + page.header("Cache-Control") + "'",
                    "keep caches and content delivery networks away from " + Paths.TOKEN);
        } else {
            findings.ok(
                    CheckName.NO_CERTIFICATE,
                    evidence + ": " + page.json().path("error_description").asText());
        }
    }
}
