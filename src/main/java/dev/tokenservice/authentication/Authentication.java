package dev.tokenservice.authentication;

import dev.tokenservice.files.Watched;
import dev.tokenservice.policy.Policy;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Authentication, ready to use.
 *
 * @param clients authenticates every token request
 * @param trust whom certificate headers are believed from now
 * @param deniedByOthers what an operator should know of the denied certificates; empty if all is well
 * @param policy the policy that is in force, if one is set
 */
public record Authentication(
        ClientAuthentication clients,
        Supplier<ProxyTrust> trust,
        Supplier<String> deniedByOthers,
        Optional<Watched<Policy>> policy) {}
