/**
 * The vocabulary of OAuth 2.0 and OpenID Connect that the service speaks: the token request, the answers, the errors,
 * and the rules of an issuer URL.
 *
 * <p>Owns nothing that knows of certificates, of Google or of HTTP servers.
 *
 * <p>Imports nothing of ours.
 */
@NullMarked
package dev.tokenservice.oauth;

import org.jspecify.annotations.NullMarked;
