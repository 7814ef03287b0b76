package dev.tokenservice.google;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpRequestFactory;
import com.google.api.client.http.UrlEncodedContent;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.oauth.TokenResponse;
import dev.tokenservice.outbound.Deadline;
import dev.tokenservice.outbound.GoogleJson;
import dev.tokenservice.outbound.GoogleTransport;
import dev.tokenservice.outbound.JsonExchange;
import dev.tokenservice.telemetry.ServiceMetrics;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * Google's Security Token Service: an ID token of ours becomes an access token of the workload identity it stands for
 * (RFC 8693). Safe for use by many threads; one for the whole process.
 */
public final class StsClient {

    private final HttpRequestFactory requests;
    private final GenericUrl tokenUrl;
    private final GoogleCall exchange;
    private final Clock clock;

    StsClient(GoogleTransport transport, String rootUrl, Semaphore waiting, ServiceMetrics metrics, Clock clock) {
        this.requests = transport.http().createRequestFactory();
        this.tokenUrl = new GenericUrl(rootUrl + "/v1/token");
        this.exchange = new GoogleCall("sts", waiting, metrics, clock);
        this.clock = clock;
    }

    /** How the exchange of tokens has gone lately; a refusal of a client is not a failure of the exchange. */
    public CallHistory history() {
        return exchange.history();
    }

    /**
     * Exchanges a token.
     *
     * @param subjectToken an ID token signed for the provider
     * @param audience the provider's full resource name, {@code //iam.googleapis.com/projects/…}
     * @param scope the scopes of the access token, separated by spaces
     * @throws RefusedException when there is no access token in time, or Google refuses it
     */
    public AccessToken exchange(String subjectToken, String audience, String scope, Deadline deadline) {
        Map<String, String> form = Map.of(
                "grant_type",
                "urn:ietf:params:oauth:grant-type:token-exchange",
                "requested_token_type",
                TokenResponse.ACCESS_TOKEN_TYPE,
                "subject_token_type",
                TokenResponse.ID_TOKEN_TYPE,
                "subject_token",
                subjectToken,
                "audience",
                audience,
                "scope",
                scope);
        return exchange.execute(deadline, error -> StsRefusal.of(error, audience, subjectToken), () -> {
            Instant sent = clock.instant();
            return accessToken(
                    JsonExchange.send(requests.buildPostRequest(tokenUrl, new UrlEncodedContent(form)), deadline),
                    sent);
        });
    }

    private static AccessToken accessToken(JsonNode answer, Instant sent) throws IOException {
        if (!GoogleJson.text(answer, "token_type").equalsIgnoreCase("Bearer")) {
            throw new IOException("token_type is not Bearer");
        }
        if (!GoogleJson.text(answer, "issued_token_type").equals(TokenResponse.ACCESS_TOKEN_TYPE)) {
            throw new IOException("issued_token_type is not that of an access token");
        }
        JsonNode expiresIn = answer.path("expires_in");
        if (!expiresIn.isIntegralNumber() || !expiresIn.canConvertToInt() || expiresIn.intValue() <= 0) {
            throw new IOException("expires_in is not a number of seconds");
        }
        return new AccessToken(GoogleJson.token(answer, "access_token"), sent.plusSeconds(expiresIn.intValue()));
    }
}
