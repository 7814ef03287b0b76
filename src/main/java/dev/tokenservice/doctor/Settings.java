package dev.tokenservice.doctor;

import dev.tokenservice.authentication.AuthenticationFactory;
import dev.tokenservice.google.GoogleFactory;
import dev.tokenservice.google.WorkloadIdentityFactory;
import dev.tokenservice.google.WorkloadIdentityProvider;
import dev.tokenservice.server.ServiceServerFactory;
import dev.tokenservice.signing.SigningFactory;
import dev.tokenservice.token.TokenFactory;
import java.util.Optional;

/**
 * A valid configuration, section by section.
 *
 * @param iam whether Google's IAM signs
 * @param cloudRun whether it runs on Cloud Run, which keeps everyone but the load balancer out
 */
public record Settings(
        ServiceServerFactory server,
        AuthenticationFactory authentication,
        TokenFactory token,
        WorkloadIdentityFactory workloadIdentity,
        SigningFactory signing,
        GoogleFactory google,
        boolean iam,
        boolean cloudRun) {

    /** The workload identity provider, where one is configured. */
    Optional<WorkloadIdentityProvider> provider() {
        return workloadIdentity.build(google.universeDomain());
    }
}
