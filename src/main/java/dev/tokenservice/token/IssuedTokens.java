package dev.tokenservice.token;

import dev.tokenservice.oauth.TokenResponse;

/**
 * What a client gets.
 *
 * @param idToken the ID token
 * @param response the answer in OAuth's shape
 */
public record IssuedTokens(IdToken idToken, TokenResponse response) {}
