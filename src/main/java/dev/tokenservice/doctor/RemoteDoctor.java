package dev.tokenservice.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tokenservice.oauth.Paths;
import java.time.Clock;
import java.util.Optional;

/** Runs all checks of a service from the side of its clients and relying parties, in order. */
final class RemoteDoctor {

    private final RemoteService service;
    private final ClientFiles files;
    private final Optional<RemoteService> pastTheProxy;
    private final Clock clock;

    /**
     * Takes what the command line says.
     *
     * @param pastTheProxy the service's own address, which callers must not reach
     */
    RemoteDoctor(RemoteService service, ClientFiles files, Optional<RemoteService> pastTheProxy, Clock clock) {
        this.service = service;
        this.files = files;
        this.pastTheProxy = pastTheProxy;
        this.clock = clock;
    }

    void examine(Findings findings) {
        try (RemoteCalls calls = new RemoteCalls(files)) {
            RemoteCalls.Attempt discovery = calls.attempt(service.endpoint(Paths.OPENID_CONFIGURATION));
            RemotePlatform platform = RemotePlatform.of(service.host(), discovery.page());
            if (!new ServerCertificateCheck(service, files, platform, clock, findings).run()) {
                findings.skip(
                        "clients do not reach the service",
                        CheckName.DISCOVERY,
                        CheckName.JWKS,
                        CheckName.INGRESS,
                        CheckName.NO_CERTIFICATE,
                        CheckName.FORGED_HEADERS,
                        CheckName.TOKEN,
                        CheckName.TOKEN_CLAIMS);
                return;
            }
            JsonNode metadata = new RemoteMetadataCheck(service, calls, platform, findings).run(discovery);
            new IngressCheck(calls, platform, findings).run(pastTheProxy);
            String endpoint = service.endpoint(Paths.TOKEN);
            new NoCertificateCheck(calls, platform, findings, endpoint).run();
            new ForgedHeadersCheck(calls, platform, findings, endpoint).run();
            new RemoteTokenCheck(service, calls, files, new TokenRemedies(platform), clock, findings).run(metadata);
        }
    }
}
