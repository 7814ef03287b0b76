package dev.tokenservice.doctor;

import dev.tokenservice.doctor.PublicDocuments.Page;
import dev.tokenservice.oauth.Paths;
import java.io.IOException;
import java.util.Optional;

/** Whether callers get past the load balancer: anyone who does can write the certificate headers. */
final class IngressCheck {

    private final RemoteCalls calls;
    private final RemotePlatform platform;
    private final Findings findings;

    IngressCheck(RemoteCalls calls, RemotePlatform platform, Findings findings) {
        this.calls = calls;
        this.platform = platform;
        this.findings = findings;
    }

    void run(Optional<RemoteService> pastTheProxy) {
        if (pastTheProxy.isEmpty()) {
            findings.skip(
                    "--run-url is not given"
                            + platform.choose(
                                    "; find it with: gcloud run services describe token-service --format='value(status.url)'",
                                    ""),
                    CheckName.INGRESS);
            return;
        }
        String url = pastTheProxy.get().url();
        try {
            Page page = calls.tokenElsewhere(pastTheProxy.get().endpoint(Paths.TOKEN));
            if ((page.status() == 404 || page.status() == 403) && page.error().isEmpty()) {
                findings.ok(CheckName.INGRESS, url + " answers " + page.status() + ", before the service");
            } else {
                findings.fail(
                        CheckName.INGRESS,
                        url + " answers " + page.status()
                                + ", from the service itself: callers can go past the load balancer",
                        platform.choose(
                                "gcloud run services update token-service --ingress=internal-and-cloud-load-balancing",
                                "let only the load balancer reach the service: a firewall rule or a network policy; on Cloud Run"
                                        + " --ingress=internal-and-cloud-load-balancing"));
            }
        } catch (IOException e) {
            findings.ok(CheckName.INGRESS, url + " cannot be reached from here: " + e.getMessage());
        }
    }
}
