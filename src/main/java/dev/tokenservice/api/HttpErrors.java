package dev.tokenservice.api;

import dev.tokenservice.oauth.Paths;
import dev.tokenservice.oauth.ReasonCode;
import dev.tokenservice.oauth.Refusal;
import java.util.Map;

/** The descriptions of errors of HTTP itself, such as a wrong method, for clients. */
public final class HttpErrors {

    private static final Map<Integer, String> DESCRIPTIONS = Map.of(
            400, "the request is malformed",
            404,
                    "this path does not exist: tokens are at " + Paths.TOKEN + ", metadata at "
                            + Paths.OPENID_CONFIGURATION,
            405, "this path does not accept this method: see the header Allow",
            406, "the answer is JSON: the header Accept must allow application/json",
            413, "the body must not be larger than 64 KiB",
            414, "the URI is too long",
            415, "the body must be of the type application/x-www-form-urlencoded, without a content encoding",
            417, "the header Expect must be 100-continue",
            431, "the headers must not be larger than 32 KiB in total, nor more than 128",
            500, "the service failed: its operator has to act");

    private HttpErrors() {}

    /** Starts the refusal of a request with a status of HTTP's own. */
    public static Refusal.Builder refusal(int status) {
        return Refusal.because(ReasonCode.MALFORMED_REQUEST, description(status))
                .status(status);
    }

    public static String description(int status) {
        return DESCRIPTIONS.getOrDefault(
                status, status < 500 ? "the request is refused" : "the service is not available");
    }
}
