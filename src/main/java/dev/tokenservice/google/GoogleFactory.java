package dev.tokenservice.google;

import dev.tokenservice.configuration.Description;
import dev.tokenservice.configuration.FilePath;
import dev.tokenservice.configuration.Minutes;
import dev.tokenservice.configuration.Variable;
import dev.tokenservice.files.FileReading;
import dev.tokenservice.oauth.EmailAddress;
import dev.tokenservice.outbound.GoogleTransport;
import dev.tokenservice.outbound.RefusedAnswerException.Reason;
import dev.tokenservice.telemetry.ServiceMetrics;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The settings of Google Cloud. Settings that are absent come from the credentials. */
public final class GoogleFactory {

    @Variable("GOOGLE_APPLICATION_CREDENTIALS")
    @Description("Google credentials file: service account key, impersonated service account, external account, or "
            + "user credentials. Default: the application default credentials.")
    @FilePath
    private @Nullable String applicationCredentials;

    @Variable("SERVICE_ACCOUNT")
    @Description("Email of the signing service account, if the credentials do not name one. User credentials "
            + "impersonate it.")
    @Pattern(regexp = EmailAddress.REGEXP, message = "must be the email address of a service account")
    private @Nullable String serviceAccount;

    @Variable("ACCESS_TOKEN_VALIDITY")
    @Description("Lifetime of the access token of an impersonated account, in minutes, 1 to 720. More than 60 needs an "
            + "organisation policy.")
    @Minutes
    @Min(value = 1, message = "must be minutes, 1 to 720")
    @Max(value = 720, message = "must be minutes, 1 to 720")
    private int accessTokenValidity = 60;

    @Variable("GOOGLE_CLOUD_UNIVERSE_DOMAIN")
    @Description("Domain of Google's APIs, for sovereign clouds.")
    @NotNull(message = "must be a domain name such as googleapis.com")
    @Pattern(
            regexp = ApiUrl.LABEL + "(?:\\." + ApiUrl.LABEL + "){1,10}",
            message = "must be a domain name such as googleapis.com")
    private String universeDomain = "googleapis.com";

    @Variable("IAM_CREDENTIALS_URL")
    @Description("Root URL of the IAM Credentials API, for private endpoints, emulators and tests. Default: Google's.")
    @Pattern(regexp = ApiUrl.ORIGIN + "/?", message = ApiUrl.ROOT_MESSAGE)
    private @Nullable String iamCredentialsUrl;

    @Variable("STS_URL")
    @Description("Root URL of the Security Token Service API, for the same purposes. Default: Google's.")
    @Pattern(regexp = ApiUrl.ORIGIN + "/?", message = ApiUrl.ROOT_MESSAGE)
    private @Nullable String stsUrl;

    @Variable("JWKS_URL")
    @Description("URL of the public keys of the signing account; {email} stands for the account. Default: the URL at "
            + "which Google publishes them.")
    @Pattern(
            regexp = ApiUrl.ORIGIN + "/(?:[A-Za-z0-9._~!$&'()*+,;=:@/?%-]++|\\{email})*+",
            message = "must be an https URL (http for a loopback host only); {email} in it stands for the service "
                    + "account")
    private @Nullable String jwksUrl;

    /** Returns the files that the service reads at start-up if IAM signs. Makes no call. */
    public List<FileReading> fileReadings() {
        if (applicationCredentials == null) {
            return List.of();
        }
        return List.of(
                FileReading.of("applicationCredentials", Path.of(applicationCredentials), this::readCredentials));
    }

    private void readCredentials() {
        try (GoogleTransport transport = GoogleTransport.ofJvm(reason -> {})) {
            finder(transport, warning -> {}).checkFile();
        }
    }

    public Duration accessTokenLifetime() {
        return Duration.ofMinutes(accessTokenValidity);
    }

    public String universeDomain() {
        return universeDomain;
    }

    /** Where Google publishes the public keys of a service account, as JWKS. */
    public String jwksUrl(String email) {
        return jwksUrl == null
                ? "https://www." + universeDomain + "/service_accounts/v1/metadata/jwk/" + email
                : jwksUrl.replace("{email}", email);
    }

    /** Returns the clients, on connections of their own. Asks nobody for anything yet; to be closed at the end. */
    public GoogleClients build(ServiceMetrics metrics, Clock clock) {
        return build(GoogleTransport.ofJvm(refusals(metrics)), metrics, clock);
    }

    static Consumer<Reason> refusals(ServiceMetrics metrics) {
        Map<Reason, Runnable> counts = new EnumMap<>(Reason.class);
        for (Reason reason : Reason.values()) {
            counts.put(reason, metrics.answersRefused(reason.label()));
        }
        return reason -> Objects.requireNonNull(counts.get(reason)).run();
    }

    GoogleClients build(GoogleTransport transport, ServiceMetrics metrics, Clock clock) {
        Semaphore waiting = new Semaphore(transport.limits().connections());
        return new GoogleClients(
                transport,
                new IamCredentialsClient(transport, iamCredentialsRoot(), waiting, metrics, clock),
                new StsClient(transport, stsRoot(), waiting, metrics, clock));
    }

    /**
     * Returns the credentials to sign with: those of the file that is set, else the application default credentials.
     *
     * @param warnings gets what an operator should know of them
     * @throws GoogleCredentialsException when there are none or they cannot be used
     */
    public ServiceCredentials credentials(GoogleClients clients, Consumer<String> warnings) {
        return finder(clients.transport(), warnings).find(URI.create(iamCredentialsRoot()), universeDomain);
    }

    CredentialsFinder finder(GoogleTransport transport, Consumer<String> warnings) {
        return new CredentialsFinder(transport, applicationCredentials, serviceAccount, warnings);
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
