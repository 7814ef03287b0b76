package dev.tokenservice.authentication;

import dev.tokenservice.identity.ClientCertificate;

/**
 * The credentials of a client: a certificate, and the flow that vouches for it.
 *
 * @param flow the flow's name
 * @param certificate what was verified
 */
public record PresentedCertificate(String flow, ClientCertificate certificate) {}
