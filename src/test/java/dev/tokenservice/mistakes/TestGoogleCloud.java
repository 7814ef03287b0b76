package dev.tokenservice.mistakes;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tokenservice.google.FakeGoogle;
import dev.tokenservice.google.FakeSts;
import dev.tokenservice.testing.FreePort;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestKeys;
import dev.tokenservice.testing.TestService;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A project in which the guide was followed to the end: a service that signs with IAM, and is registered as a provider. */
final class TestGoogleCloud implements AutoCloseable {

    static final String PROVIDER =
            "//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/widgets/providers/token-service";

    static final String SECRET = "an-open-secret";

    private static final JsonMapper JSON = new JsonMapper();

    private final FakeGoogle google = FakeGoogle.startWithoutTls();
    private final Path folder;
    private final Path key;
    private final int port;
    private final TestService service;

    TestGoogleCloud(Path folder) throws IOException {
        this.folder = folder;
        this.key = key();
        this.port = FreePort.find();
        this.service = TestService.start(variables(Map.of("PORT", Integer.toString(port))));
        restore();
    }

    FakeGoogle google() {
        return google;
    }

    TestService service() {
        return service;
    }

    String issuer() {
        return "http://localhost:" + port;
    }

    /** Puts everything right again. */
    void restore() {
        google.heal();
        google.sts().addProvider(PROVIDER, FakeSts.Provider.of(issuer()));
        google.sts().resolve(issuer(), URI.create(issuer()));
        google.iam().publishKeys();
        service.clock().ahead(Duration.ZERO);
    }

    /** The variables of the deployment guide, and others in their place. */
    Map<String, String> variables(Map<String, String> others) {
        Map<String, String> variables = google.endpoints();
        variables.putAll(FakeGoogle.WORKLOAD_IDENTITY);
        variables.put("SIGNER", "iam");
        variables.put("SIGNING_ALGORITHM", "RS256");
        variables.put("TOKEN_ISSUER", issuer());
        variables.put("GOOGLE_APPLICATION_CREDENTIALS", key.toString());
        variables.put("PROXY_SECRET", SECRET);
        variables.putAll(others);
        return variables;
    }

    /** A new private key. */
    static String pem() {
        return TestAuthority.pem(TestKeys.ofJdkRsa());
    }

    private Path key() throws IOException {
        return write(
                "key.json",
                Map.of(
                        "type", "service_account",
                        "project_id", "project",
                        "private_key_id", "1",
                        "private_key", pem(),
                        "client_id", "1",
                        "client_email", FakeGoogle.SERVICE_ACCOUNT,
                        "token_uri", google.tokenUrl()));
    }

    /** Those that {@code gcloud auth application-default login} writes. */
    Path personsCredentials() throws IOException {
        return write(
                "person.json",
                Map.of(
                        "type",
                        "authorized_user",
                        "client_id",
                        "1",
                        "client_secret",
                        "2",
                        "refresh_token",
                        "3",
                        "token_uri",
                        google.tokenUrl()));
    }

    private Path write(String name, Map<String, String> content) throws IOException {
        return Files.write(folder.resolve(name), JSON.writeValueAsBytes(content));
    }

    @Override
    public void close() {
        service.close();
        google.close();
    }
}
