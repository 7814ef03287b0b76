package dev.tokenservice.policy;

/**
 * What a client was granted.
 *
 * @param audience the audience of its ID token
 * @param accessToken whether the ID token is to be exchanged for an access token
 */
public record Decision(String audience, boolean accessToken) {}
