package dev.tokenservice.google;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.api.client.googleapis.services.AbstractGoogleClientRequest;
import com.google.api.client.http.ByteArrayContent;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.services.iamcredentials.v1.IAMCredentials;
import com.google.api.services.iamcredentials.v1.model.GenerateAccessTokenRequest;
import com.google.api.services.iamcredentials.v1.model.SignJwtRequest;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.outbound.Deadline;
import dev.tokenservice.outbound.GoogleJson;
import dev.tokenservice.outbound.GoogleTransport;
import dev.tokenservice.outbound.JsonExchange;
import dev.tokenservice.telemetry.ServiceMetrics;
import java.io.IOException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * The IAM Service Account Credentials API: JWTs signed with the key of a service account, and access tokens of a service
 * account. Safe for use by many threads; one for the whole process.
 */
public final class IamCredentialsClient {

    private static final String RESOURCE = "projects/-/serviceAccounts/";
    private static final String JSON_TYPE = "application/json; charset=UTF-8";

    private final IAMCredentials.Projects.ServiceAccounts serviceAccounts;
    private final GoogleCall signJwt;
    private final GoogleCall generateAccessToken;
    private final Clock clock;

    IamCredentialsClient(
            GoogleTransport transport, String rootUrl, Semaphore waiting, ServiceMetrics metrics, Clock clock) {
        this.clock = clock;
        serviceAccounts = new IAMCredentials.Builder(transport.http(), GsonFactory.getDefaultInstance(), null)
                .setRootUrl(rootUrl + "/")
                .setApplicationName("token-service")
                .setSuppressAllChecks(true)
                .build()
                .projects()
                .serviceAccounts();
        signJwt = new GoogleCall("signJwt", waiting, metrics, clock);
        generateAccessToken = new GoogleCall("generateAccessToken", waiting, metrics, clock);
    }

    public CallHistory signJwtHistory() {
        return signJwt.history();
    }

    /**
     * Has a JWT signed with the Google-managed key of this service's own account, RS256.
     *
     * @param claims the claims as a JSON object; {@code exp} at most 12 hours ahead
     * @return the compact JWS, RFC 7515 section 7.1
     * @throws RefusedException when there is none in time
     */
    public String signJwt(ServiceCredentials credentials, String claims, Deadline deadline) {
        String account = credentials.email();
        return signJwt.execute(
                deadline,
                error -> SignJwtRefusal.of(error, account),
                () -> credentials.authorize(deadline, headers -> {
                    HttpRequest request =
                            built(serviceAccounts.signJwt(RESOURCE + account, new SignJwtRequest()), headers);
                    // Written here: the library would write it twice, the first time to count its bytes.
                    request.setContent(new ByteArrayContent(JSON_TYPE, GoogleJson.write(Map.of("payload", claims))));
                    return SignedJwt.checked(GoogleJson.token(JsonExchange.send(request, deadline), "signedJwt"));
                }));
    }

    /**
     * Gets an access token of a service account.
     *
     * @param serviceAccount its email address, of valid form
     * @param scopes the scopes of the token, at least one
     * @param lifetime 1 minute to 12 hours; more than one hour only where an organisation policy allows it
     * @param bearer a token of the principal that impersonates the account
     * @throws RefusedException when there is none in time, or Google refuses it
     */
    public AccessToken generateAccessToken(
            String serviceAccount, List<String> scopes, Duration lifetime, String bearer, Deadline deadline) {
        Map<String, List<String>> headers = Map.of("Authorization", List.of("Bearer " + bearer));
        return generateAccessToken.execute(
                deadline, error -> ImpersonationRefusal.of(error, serviceAccount, lifetime), () -> {
                    AbstractGoogleClientRequest<?> request = serviceAccounts.generateAccessToken(
                            RESOURCE + serviceAccount,
                            new GenerateAccessTokenRequest().setScope(scopes).setLifetime(lifetime.toSeconds() + "s"));
                    return accessToken(JsonExchange.send(built(request, headers), deadline));
                });
    }

    private static HttpRequest built(AbstractGoogleClientRequest<?> request, Map<String, List<String>> headers)
            throws IOException {
        HttpRequest built = request.setDisableGZipContent(true).buildHttpRequest();
        built.getHeaders().putAll(headers);
        return built;
    }

    private AccessToken accessToken(JsonNode answer) throws IOException {
        Instant expiry;
        try {
            expiry = Instant.parse(GoogleJson.text(answer, "expireTime"));
        } catch (DateTimeException e) {
            throw new IOException("expireTime is not a time", e);
        }
        if (!expiry.isAfter(clock.instant())) {
            throw new IOException("expireTime is in the past");
        }
        return new AccessToken(GoogleJson.token(answer, "accessToken"), expiry);
    }
}
