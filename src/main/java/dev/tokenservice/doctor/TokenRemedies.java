package dev.tokenservice.doctor;

import dev.tokenservice.oauth.Quoted;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Which part of the certificate's path is broken, by what the service says to the client that it refused. */
final class TokenRemedies {

    private static final int LONGEST_NAME = 300;
    private static final String INSIDE = "java -jar token-service.jar doctor config.yml";
    private static final String LOG = "read the log of the service: its audit line has the reason and the setting";

    /** Part of the description, and what to do; the first that fits. */
    private final Map<String, String> unauthorized;

    private final RemotePlatform platform;

    TokenRemedies(RemotePlatform platform) {
        this.platform = platform;
        this.unauthorized = unauthorized(platform);
    }

    private static Map<String, String> unauthorized(RemotePlatform platform) {
        Map<String, String> remedies = new LinkedHashMap<>();
        remedies.put(
                "was verified for this connection",
                "the certificate headers do not arrive, or MTLS_HEADER_CLIENT_CERT_PRESENT and similar variables have other names: "
                        + platform.headers());
        remedies.put(
                "came without one",
                "the load balancer does not request certificates: "
                        + platform.choose(
                                "attach the server TLS policy to the target proxy (serverTlsPolicy): gcloud compute"
                                        + " target-https-proxies describe token-service-proxy --global",
                                "have it request and verify client certificates"));
        remedies.put("not meant for client", "issue the certificate with the extended key usage clientAuth");
        remedies.put(
                "operator has to act",
                "the server TLS policy names a trust config that does not exist: gcloud certificate-manager trust-configs"
                        + " describe token-service-ca");
        remedies.put(
                "only a summary",
                "MTLS_TRUST_BUNDLE is set: have the proxy forward the certificate itself (MTLS_HEADER_CLIENT_CERT_LEAF), or set"
                        + " MTLS_VERIFY_FORWARDED=false to believe the proxy");
        remedies.put(
                "through the load balancer",
                "the proof of the proxy fails: PROXY_SECRET and the header that the proxy sends differ, TRUSTED_PROXIES lacks"
                        + " its address, or no proof is set; the log of the service says which");
        remedies.put("expires within", "renew the certificate");
        remedies.put("not valid yet", "check the validity of the certificate, and the clock of the service");
        remedies.put("client id", "the certificate lacks the attribute that CLIENT_ID or MTLS_HEADER_CLIENT_ID names");
        return remedies;
    }

    /** Returns the remedy for an answer without a token. */
    String of(int status, String description, X509Certificate own, Instant now) {
        if (status == 401) {
            return description.contains("trusted authority")
                    ? untrusted(own, now)
                    : unauthorized.entrySet().stream()
                            .filter(remedy -> description.contains(remedy.getKey()))
                            .map(Map.Entry::getValue)
                            .findFirst()
                            .orElse(LOG);
        }
        if (status == 400) {
            return "set TOKEN_AUDIENCE, TOKEN_ISSUER or the workload identity provider; where the service runs: "
                    + INSIDE;
        }
        return status >= 500 ? "run the doctor where the service runs: " + INSIDE : LOG;
    }

    private String untrusted(X509Certificate own, Instant now) {
        return own.getNotAfter().toInstant().isBefore(now)
                ? "the certificate is expired: renew it"
                : "add its authority "
                        + Quoted.bare(own.getIssuerX500Principal().getName(), LONGEST_NAME)
                        + ", and the intermediates up to the root, to "
                        + platform.choose(
                                "the trust config: gcloud certificate-manager trust-configs describe token-service-ca",
                                "what the proxy trusts, and to MTLS_TRUST_BUNDLE where it is set")
                        + "; or send the intermediates along in --cert";
    }
}
