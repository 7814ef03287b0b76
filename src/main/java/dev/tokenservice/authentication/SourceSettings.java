package dev.tokenservice.authentication;

import dev.tokenservice.x509.CertificateVerifier;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What certificate sources are made of.
 *
 * @param headers the names of the headers
 * @param verifier the verifier that is in force at the time of each call; empty without a trust bundle
 */
public record SourceSettings(HeaderNames headers, Optional<? extends Supplier<CertificateVerifier>> verifier) {}
