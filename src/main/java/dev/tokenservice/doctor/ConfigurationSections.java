package dev.tokenservice.doctor;

import com.google.common.base.Suppliers;
import dev.tokenservice.authentication.AuthenticationFactory;
import dev.tokenservice.authentication.PolicySettings;
import dev.tokenservice.configuration.Platform;
import dev.tokenservice.google.GoogleFactory;
import dev.tokenservice.google.WorkloadIdentityProvider;
import dev.tokenservice.policy.DeclaredKeys;
import dev.tokenservice.policy.TokenSettings;
import dev.tokenservice.server.ServiceServerFactory;
import dev.tokenservice.signing.PolicyParties;
import dev.tokenservice.signing.SigningFactory;
import dev.tokenservice.signing.UploadedParties;
import dev.tokenservice.token.TokenFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * The sections of a valid configuration.
 *
 * @param provider the workload identity provider, where one is configured
 * @param iam whether IAM signs
 * @param platform where it was read
 * @param longestValidity how long a token can be valid, whatever policies come
 */
public record ConfigurationSections(
        ServiceServerFactory server,
        AuthenticationFactory authentication,
        TokenFactory token,
        Optional<WorkloadIdentityProvider> provider,
        SigningFactory signing,
        GoogleFactory google,
        boolean iam,
        Platform platform,
        Duration longestValidity) {

    /** The policy, beside its settings. */
    PolicySettings policy(Clock clock) {
        return authentication.policy(tokens(clock));
    }

    /** The settings of tokens that a policy stands beside. Reads the keys, once, where a policy asks for them. */
    public TokenSettings tokens(Clock clock) {
        return new TokenSettings(
                token.settings(provider),
                token.issuer(),
                signing.algorithm(),
                Suppliers.memoize(() -> signing.algorithms(iam, longestValidity, clock)),
                iam);
    }

    /**
     * What the policy file says of keys, without the files that it names; empty where none is set.
     *
     * @throws dev.tokenservice.files.UnusableFileException when it cannot be used
     */
    public Optional<PolicyParties> policyParties() {
        return authentication
                .policy(TokenSettings.UNKNOWN)
                .file()
                .map(file -> DeclaredKeys.read(Path.of(file), signing.algorithm()))
                .map(declared -> new PolicyParties(declared.names(), UploadedParties.of(declared.uploaded())));
    }
}
