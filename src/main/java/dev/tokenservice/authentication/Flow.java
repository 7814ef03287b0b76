package dev.tokenservice.authentication;

/**
 * A flow that is enabled.
 *
 * @param name its name in {@code AUTH_FLOWS} and in the claim {@code amr}
 * @param source where its certificates come from
 */
record Flow(String name, CertificateSource source) {}
