package dev.tokenservice.authentication;

import java.util.function.Supplier;

/**
 * Authentication, ready to use.
 *
 * @param filter authenticates every token request
 * @param trust whom certificate headers are believed from
 * @param deniedByOthers what an operator should know of the denied certificates; empty where all is well
 */
public record Authentication(ClientCertificateFilter filter, ProxyTrust trust, Supplier<String> deniedByOthers) {}
