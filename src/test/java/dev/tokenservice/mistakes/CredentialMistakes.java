package dev.tokenservice.mistakes;

import dev.tokenservice.google.FakeGoogle.Call;
import dev.tokenservice.google.Fault;
import dev.tokenservice.testing.TestDoctor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Mistakes with the credentials that the service signs with, where IAM signs. */
final class CredentialMistakes {

    private final TestGoogleCloud cloud;
    private final Path folder;

    CredentialMistakes(TestGoogleCloud cloud, Path folder) {
        this.cloud = cloud;
        this.folder = folder;
    }

    Stream<Mistake> all() {
        return Stream.of(
                new Mistake("No credentials", this::none),
                new Mistake(
                        "User credentials",
                        () -> refused(Map.of(
                                "GOOGLE_APPLICATION_CREDENTIALS",
                                cloud.personsCredentials().toString()))),
                new Mistake(
                        "Service account of other credentials",
                        () -> refused(Map.of("SERVICE_ACCOUNT", "other@project.iam.gserviceaccount.com"))),
                new Mistake(
                        "Missing credentials file",
                        () -> refused(Map.of(
                                "GOOGLE_APPLICATION_CREDENTIALS",
                                folder.resolve("missing.json").toString()))),
                new Mistake(
                        "Credentials file of another kind",
                        () -> refused(Map.of(
                                "GOOGLE_APPLICATION_CREDENTIALS", oauthClient().toString()))),
                new Mistake("Key of the service account deleted", this::deletedKey),
                new Mistake("Algorithm that IAM does not support", () -> refused(Map.of("SIGNING_ALGORITHM", "ES256"))),
                new Mistake(
                        "Another universe",
                        () -> Scene.warnedStart(
                                cloud.variables(Map.of("GOOGLE_CLOUD_UNIVERSE_DOMAIN", "universe.example")))));
    }

    private Symptoms refused(Map<String, String> variables) {
        return Scene.refusedStart(cloud.variables(variables));
    }

    /** In a process of its own, whose environment has none either. */
    private Symptoms none() {
        Map<String, String> variables = new HashMap<>(Map.of(
                "SIGNER",
                "iam",
                "NO_GCE_CHECK",
                "true",
                "CLOUDSDK_CONFIG",
                folder.toString(),
                "PORT",
                "0",
                "ADMIN_PORT",
                "0"));
        return Scene.refusedProcess(variables, TestDoctor.runJar(variables, List.of()));
    }

    private Symptoms deletedKey() {
        cloud.google().fail(Call.TOKEN, Fault.oauth(400, "invalid_grant", "Invalid JWT Signature."));
        return refused(Map.of());
    }

    private Path oauthClient() throws IOException {
        return Files.writeString(folder.resolve("client.json"), "{\"installed\":{\"client_id\":\"1\"}}");
    }
}
