package dev.tokenservice.google;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tokenservice.oauth.EmailAddress;
import dev.tokenservice.outbound.GoogleTransport;
import dev.tokenservice.telemetry.ServiceMetrics;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** The settings of Google's side. Every one has a default; what is not set comes from the credentials. */
public final class GoogleFactory {

    private static final String PORT =
            "(?::(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]" + "|6553[0-5]))?";
    private static final String LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
    private static final String HOST = LABEL + "(?:\\." + LABEL + "){0,10}";
    private static final String LOOPBACK = "(?:localhost|127(?:\\.[0-9]{1,3}){3}|\\[::1\\])";
    private static final String ORIGIN =
            "(?:https://(?:" + HOST + "|\\[[0-9a-f:.]+\\])|http://" + LOOPBACK + ")" + PORT;
    private static final String ROOT_MESSAGE =
            "must be an https URL without a path, such as https://host.example (http for a loopback host only)";

    @JsonProperty
    @Pattern(regexp = EmailAddress.REGEXP, message = "must be the email address of a service account")
    private @Nullable String serviceAccount;

    @JsonProperty
    @Size(min = 1, message = "must be the path of a file")
    private @Nullable String applicationCredentials;

    @JsonProperty
    @NotNull(message = "must be a domain name such as googleapis.com")
    @Pattern(regexp = LABEL + "(?:\\." + LABEL + "){1,10}", message = "must be a domain name such as googleapis.com")
    private String universeDomain = "googleapis.com";

    @JsonProperty
    @Pattern(regexp = ORIGIN + "/?", message = ROOT_MESSAGE)
    private @Nullable String iamCredentialsUrl;

    @JsonProperty
    @Pattern(regexp = ORIGIN + "/?", message = ROOT_MESSAGE)
    private @Nullable String stsUrl;

    @JsonProperty
    @Pattern(
            regexp = ORIGIN + "/(?:[A-Za-z0-9._~!$&'()*+,;=:@/?%-]++|\\{email})*+",
            message =
                    "must be an https URL (http for a loopback host only); {email} in it stands for the service account")
    private @Nullable String jwksUrl;

    @JsonProperty
    @Min(value = 1, message = "must be minutes, 1 to 720")
    @Max(value = 720, message = "must be minutes, 1 to 720")
    private int accessTokenValidity = 60;

    /** The lifetime to ask for in an impersonated account's token. */
    public Duration accessTokenLifetime() {
        return Duration.ofMinutes(accessTokenValidity);
    }

    /** The domain of this universe's APIs. */
    public String universeDomain() {
        return universeDomain;
    }

    /** Where Google publishes the public keys of a service account, as JWKS. */
    public String jwksUrl(String email) {
        return jwksUrl == null
                ? "https://www." + universeDomain + "/service_accounts/v1/metadata/jwk/" + email
                : jwksUrl.replace("{email}", email);
    }

    /** The clients, on connections of their own. Asks nobody for anything yet; to be closed at the end. */
    public GoogleClients build(ServiceMetrics metrics, Clock clock) {
        return build(GoogleTransport.ofJvm(), metrics, clock);
    }

    GoogleClients build(GoogleTransport transport, ServiceMetrics metrics, Clock clock) {
        Semaphore waiting = new Semaphore(transport.limits().connections());
        return new GoogleClients(
                transport,
                new IamCredentialsClient(transport, iamCredentialsRoot(), waiting, metrics, clock),
                new StsClient(transport, stsRoot(), waiting, metrics, clock));
    }

    /**
     * The credentials to sign with: those of the file that is set, else the application default credentials.
     *
     * @throws GoogleCredentialsException when there are none or they cannot be used
     */
    public ServiceCredentials credentials(GoogleClients clients) {
        return finder(clients.transport()).find(URI.create(iamCredentialsRoot()), universeDomain);
    }

    CredentialsFinder finder(GoogleTransport transport) {
        return new CredentialsFinder(transport, applicationCredentials, serviceAccount);
    }

    /** Root of the IAM Credentials API, without a slash at the end. */
    public String iamCredentialsRoot() {
        return root(iamCredentialsUrl, "iamcredentials");
    }

    /** Root of the Security Token Service, without a slash at the end. */
    public String stsRoot() {
        return root(stsUrl, "sts");
    }

    private String root(@Nullable String url, String service) {
        if (url == null) {
            return "https://" + service + "." + universeDomain;
        }
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }
}
