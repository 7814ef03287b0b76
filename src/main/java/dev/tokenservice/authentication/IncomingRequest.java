package dev.tokenservice.authentication;

/**
 * What can tell of a client's certificate.
 *
 * @param headers what a proxy, or anybody else, wrote
 * @param connection what this server saw itself
 */
public record IncomingRequest(RequestHeaders headers, Connection connection) {}
