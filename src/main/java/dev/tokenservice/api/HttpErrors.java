package dev.tokenservice.api;

import dev.tokenservice.oauth.OAuthException;
import dev.tokenservice.oauth.Paths;
import java.util.Map;

/** What the statuses mean that HTTP itself, and not OAuth, gives rise to: in words for the client, never a server's own. */
public final class HttpErrors {

    private static final Map<Integer, String> DESCRIPTIONS = Map.of(
            400, "the request is malformed",
            404,
                    "there is nothing at this path: tokens are at " + Paths.TOKEN + ", metadata at "
                            + Paths.OPENID_CONFIGURATION,
            405, "this path does not take this method: see the header Allow",
            406, "the answer is JSON: the header Accept must allow application/json",
            413, "the body must not be larger than 64 KiB",
            414, "the URI is too long",
            415, "the body must be of the type application/x-www-form-urlencoded, without a content encoding",
            417, "the header Expect may only say 100-continue",
            431, "the headers must not be larger than 32 KiB in total, nor more than 128",
            500, "the service failed: its operator has to act");

    private HttpErrors() {}

    /** The refusal of a request with a status of HTTP's own. */
    public static OAuthException refusal(int status) {
        return OAuthException.ofStatus(status, description(status));
    }

    /** The description that goes with a status. */
    public static String description(int status) {
        return DESCRIPTIONS.getOrDefault(
                status, status < 500 ? "the request is refused" : "the service is not available");
    }
}
