package dev.tokenservice.doctor;

import dev.tokenservice.doctor.PublicDocuments.Page;
import java.util.Locale;
import java.util.Optional;

/** Where a service seems to run, so that a remedy names commands that exist there. */
enum RemotePlatform {
    GOOGLE_CLOUD,
    OTHER;

    /** Google's front ends say that they are: the load balancer in Via, Cloud Run's in Server. Where nothing answers, the name may. */
    static RemotePlatform of(String host, Optional<Page> page) {
        boolean google = host.endsWith(".run.app")
                || page.filter(answer -> isGoogle(answer.header("Via")) || isGoogle(answer.header("Server")))
                        .isPresent();
        return google ? GOOGLE_CLOUD : OTHER;
    }

    private static boolean isGoogle(String header) {
        return header.toLowerCase(Locale.ROOT).contains("google");
    }

    /** Returns the remedy that fits: the one with Google's commands, or the one for everywhere else. */
    String choose(String google, String other) {
        return this == GOOGLE_CLOUD ? google : other;
    }

    /** What a host without an address needs. */
    String dnsRecord(String host) {
        return "add a DNS record for " + host
                + choose(
                        " to the address of: gcloud compute addresses describe token-service-ip --global --format='value(address)'",
                        " with the address of the load balancer or of the service");
    }

    /** How the certificate gets into headers. */
    String headers() {
        return choose(
                "set all ten custom request headers of the backend service: gcloud compute backend-services describe"
                        + " token-service-backend --global --format='value(customRequestHeaders)'",
                "have the proxy set, and overwrite, every certificate header of the flow in AUTH_FLOWS (examples/README.md)");
    }
}
