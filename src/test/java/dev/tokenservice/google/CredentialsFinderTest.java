package dev.tokenservice.google;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.oauth2.CloudShellCredentials;
import com.google.auth.oauth2.ComputeEngineCredentials;
import dev.tokenservice.google.FakeGoogle.Call;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.outbound.Deadline;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialsFinderTest {

    private static final String AUDIENCE =
            "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/x";

    private final TestGoogle test = new TestGoogle();
    private final FakeGoogle google = test.google;

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        System.clearProperty("http.proxyHost");
        System.clearProperty("http.proxyPort");
        test.close();
    }

    @Test
    void find_serviceAccountKey_signsAsItsAccount() throws IOException {
        ServiceCredentials credentials = find(serviceAccountKey(), null);

        assertThat(credentials.email()).isEqualTo(FakeGoogle.SERVICE_ACCOUNT);
        assertThat(credentials.projectId()).contains("project");
        assertSigns(credentials);
    }

    @Test
    void find_sameServiceAccountSet_accepted() throws IOException {
        assertThat(find(serviceAccountKey(), FakeGoogle.SERVICE_ACCOUNT).email())
                .isEqualTo(FakeGoogle.SERVICE_ACCOUNT);
    }

    @Test
    void find_otherServiceAccountSet_refusedNamingBoth() {
        assertThatThrownBy(() -> find(serviceAccountKey(), "other@project.iam.gserviceaccount.com"))
                .isInstanceOf(GoogleCredentialsException.class)
                .hasMessageContaining("other@project")
                .hasMessageContaining(FakeGoogle.SERVICE_ACCOUNT);
    }

    @Test
    void find_person_signsAsTheServiceAccountThatIsSet() throws IOException {
        ServiceCredentials credentials = find(person(), FakeGoogle.SERVICE_ACCOUNT);

        assertThat(credentials.email()).isEqualTo(FakeGoogle.SERVICE_ACCOUNT);
        assertSigns(credentials);
    }

    @Test
    void find_personWithoutServiceAccount_refusedNamingTheSetting() {
        assertThatThrownBy(() -> find(person(), null))
                .isInstanceOf(GoogleCredentialsException.class)
                .hasMessageContaining("SERVICE_ACCOUNT");
    }

    @Test
    void find_impersonatedServiceAccount_signsAsIt() throws IOException {
        google.iam().grantImpersonation(FakeGoogle.SERVICE_ACCOUNT, FakeTokens.PERSON);

        ServiceCredentials credentials = find(
                Map.of(
                        "type", "impersonated_service_account",
                        "service_account_impersonation_url", impersonationUrl(),
                        "source_credentials", person()),
                null);

        assertThat(credentials.email()).isEqualTo(FakeGoogle.SERVICE_ACCOUNT);
        assertSigns(credentials);
    }

    @Test
    void find_externalAccount_signsAsTheAccountItImpersonates() throws IOException {
        try (TestIssuer issuer = new TestIssuer()) {
            google.sts().addProvider(AUDIENCE, issuer.url());
            google.iam().grantImpersonation(FakeGoogle.SERVICE_ACCOUNT, "workload");
            Path token = Files.writeString(folder.resolve("token"), issuer.token(AUDIENCE, "workload"));

            ServiceCredentials credentials = find(
                    Map.of(
                            "type",
                            "external_account",
                            "audience",
                            AUDIENCE,
                            "subject_token_type",
                            "urn:ietf:params:oauth:token-type:jwt",
                            "token_url",
                            google.url() + "/v1/token",
                            "service_account_impersonation_url",
                            impersonationUrl(),
                            "credential_source",
                            Map.of("file", token.toString())),
                    null);

            assertThat(credentials.email()).isEqualTo(FakeGoogle.SERVICE_ACCOUNT);
            assertSigns(credentials);
        }
    }

    @Test
    void checked_kindWithItsOwnWayToServers_refusedNamingIt() {
        assertThatThrownBy(() -> finder(null, FakeGoogle.SERVICE_ACCOUNT)
                        .checked(CloudShellCredentials.create(1), uri(), "googleapis.com"))
                .isInstanceOf(GoogleCredentialsException.class)
                .hasMessageContaining("CloudShellCredentials")
                .hasMessageContaining("GOOGLE_APPLICATION_CREDENTIALS");
    }

    @Test
    void checked_metadataServer_emailFromIt() {
        ServiceCredentials credentials = metadataCredentials();

        assertThat(credentials.email()).isEqualTo(FakeGoogle.SERVICE_ACCOUNT);
        assertThat(credentials.projectId()).contains("project");
        assertSigns(credentials);
    }

    @Test
    void projectId_metadataServerGone_unknown() {
        ServiceCredentials credentials = metadataCredentials();
        google.fail(Call.METADATA, Fault.DROP);

        assertThat(credentials.projectId()).isEmpty();
    }

    @Test
    void checked_metadataServerWithoutServiceAccount_refusedNamingTheRemedy() {
        google.fail(Call.METADATA, Fault.body(404, "text/plain", "not found"));

        assertThatThrownBy(this::metadataCredentials)
                .isInstanceOf(GoogleCredentialsException.class)
                .hasMessageContaining("attach a service account")
                .message()
                .doesNotContain("\n");
    }

    @Test
    void checked_metadataServerWithNonsenseForEmail_refused() {
        google.tokens().setEmail("../../v1/projects");

        assertThatThrownBy(this::metadataCredentials)
                .isInstanceOf(GoogleCredentialsException.class)
                .hasMessageContaining("email");
    }

    @Test
    void find_noSuchFile_refusedNamingItAndTheVariable() {
        assertThatThrownBy(() -> finder("/nowhere/key.json", null).find(uri(), "googleapis.com"))
                .isInstanceOf(GoogleCredentialsException.class)
                .hasMessageContaining("/nowhere/key.json")
                .hasMessageContaining("file does not exist")
                .hasMessageContaining("GOOGLE_APPLICATION_CREDENTIALS");
    }

    @Test
    void find_filesThatAreNoCredentials_refusedInOneLine() throws IOException {
        Map<String, Object> badKey = serviceAccountKey();
        badKey.put("private_key", "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n");
        for (String content : new String[] {
            "", "null", "[]", "not json", "{}", "{\"type\":\"unknown\"}", "{\"type\":\"service_account\"}", json(badKey)
        }) {
            Path file = Files.writeString(folder.resolve("bad.json"), content);

            assertThatThrownBy(() -> finder(file.toString(), null).find(uri(), "googleapis.com"))
                    .as(content)
                    .isInstanceOf(GoogleCredentialsException.class)
                    .message()
                    .contains(file.toString())
                    .contains("GOOGLE_APPLICATION_CREDENTIALS")
                    .doesNotContain("\n")
                    .doesNotContain("c2VjcmV0");
        }
    }

    @Test
    void find_keyThatGoogleRefuses_refused() {
        google.fail(Call.TOKEN, Fault.oauth(400, "invalid_grant", "Invalid JWT Signature."));

        assertThatThrownBy(() -> find(serviceAccountKey(), null))
                .isInstanceOf(GoogleCredentialsException.class)
                .hasMessageContaining("Invalid JWT Signature")
                .message()
                .doesNotContain("\n");
    }

    @Test
    void find_tokenEndpointDown_startsAndSignsOnceItIsBack() throws IOException {
        google.fail(Call.TOKEN, Fault.DROP);
        ServiceCredentials credentials = find(serviceAccountKey(), null);
        google.heal();

        assertSigns(credentials);
    }

    @Test
    void authorize_tokenEndpointHangs_waitsNoLongerThanTheDeadline() throws IOException {
        google.fail(Call.TOKEN, Fault.HANG);
        ServiceCredentials credentials = find(serviceAccountKey(), null);
        Instant start = Instant.now();

        assertThatThrownBy(() -> sign(credentials, TestGoogle.soon())).isInstanceOf(RefusedException.class);
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(2));
    }

    private ServiceCredentials metadataCredentials() {
        // The metadata server has a fixed name; a proxy leads to it.
        System.setProperty("http.proxyHost", "localhost");
        System.setProperty("http.proxyPort", google.metadataHost().replaceAll(".*:", ""));
        return finder(null, null)
                .checked(
                        ComputeEngineCredentials.newBuilder()
                                .setHttpTransportFactory(test.transport::http)
                                .build(),
                        uri(),
                        "googleapis.com");
    }

    private void assertSigns(ServiceCredentials credentials) {
        assertThat(sign(credentials)).isNotEmpty();
    }

    private String sign(ServiceCredentials credentials) {
        return sign(credentials, TestGoogle.patient());
    }

    private String sign(ServiceCredentials credentials, Deadline deadline) {
        return test.clients
                .iamCredentials()
                .signJwt(
                        credentials,
                        "{\"exp\":" + Instant.now().plusSeconds(300).getEpochSecond() + "}",
                        deadline);
    }

    private ServiceCredentials find(Map<String, Object> file, @Nullable String serviceAccount) throws IOException {
        Path path = Files.writeString(folder.resolve("credentials.json"), json(file));
        return finder(path.toString(), serviceAccount).find(uri(), "googleapis.com");
    }

    private CredentialsFinder finder(@Nullable String file, @Nullable String serviceAccount) {
        return new CredentialsFinder(test.transport, file, serviceAccount, warning -> {});
    }

    private URI uri() {
        return URI.create(google.url());
    }

    private static String json(Map<String, Object> value) throws IOException {
        return FakeAnswer.MAPPER.writeValueAsString(value);
    }

    private Map<String, Object> serviceAccountKey() {
        Map<String, Object> key = new HashMap<>();
        key.put("type", "service_account");
        key.put("project_id", "project");
        key.put("client_email", FakeGoogle.SERVICE_ACCOUNT);
        key.put("client_id", "1");
        key.put("private_key_id", "1");
        key.put(
                "private_key",
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder().encodeToString(TestGoogle.KEY.getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
        key.put("token_uri", google.tokenUrl());
        return key;
    }

    private Map<String, Object> person() {
        return Map.of(
                "type", "authorized_user",
                "client_id", "client",
                "client_secret", "secret",
                "refresh_token", "refresh",
                "token_uri", google.tokenUrl());
    }

    private String impersonationUrl() {
        return google.url() + "/v1/projects/-/serviceAccounts/" + FakeGoogle.SERVICE_ACCOUNT + ":generateAccessToken";
    }
}
