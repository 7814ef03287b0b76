package dev.tokenservice.authentication;

/**
 * The parts of a request with evidence of a client certificate.
 *
 * @param headers what a proxy, or anybody else, wrote
 * @param connection what this server saw itself
 */
public record IncomingRequest(RequestHeaders headers, Connection connection) {}
