package dev.tokenservice.mtls;

/**
 * Authentication, ready to use.
 *
 * @param filter authenticates every token request
 * @param trust whom certificate headers are believed from
 */
public record Authentication(ClientCertificateFilter filter, ProxyTrust trust) {}
