package dev.tokenservice.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.deploy.DeployScript.Ended;
import dev.tokenservice.testing.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code scripts/deploy --dry-run} prints, and how options are read and refused. */
@Tag("scripts-and-pages")
class DryRunTest {

    /** The guide's commands, as they are called today, in its order. */
    private static final List<String> GUIDE = List.of(
            "gcloud services enable run.googleapis.com cloudresourcemanager.googleapis.com",
            "gcloud iam service-accounts create token-service",
            "gcloud iam service-accounts add-iam-policy-binding token-service@my-project.iam.gserviceaccount.com",
            "gcloud iam workload-identity-pools create my-pool",
            "docker build ",
            "docker push europe-west1-docker.pkg.dev/my-project/token-service/token-service:",
            "gcloud run services replace -",
            "gcloud run services add-iam-policy-binding token-service",
            "gcloud services enable compute.googleapis.com certificatemanager.googleapis.com networksecurity",
            "gcloud compute addresses create token-service-ip",
            "gcloud compute addresses describe token-service-ip",
            "gcloud compute ssl-certificates create token-service",
            "gcloud compute backend-services create token-service-backend",
            "gcloud compute network-endpoint-groups create token-service",
            "gcloud compute backend-services add-backend token-service-backend",
            "gcloud compute url-maps create token-service",
            "gcloud compute target-https-proxies create token-service-proxy",
            "gcloud compute forwarding-rules create token-service-https",
            "gcloud iam workload-identity-pools providers create-oidc token-service",
            "gcloud certificate-manager trust-configs import token-service-ca",
            "gcloud network-security server-tls-policies import token-service-mtls",
            "gcloud compute target-https-proxies update token-service-proxy",
            // The guide updates it with flags, which would show the secret to everybody on the machine.
            "gcloud compute backend-services import token-service-backend",
            "curl ");

    @TempDir
    Path folder;

    private DeployScript script;
    private Path ca;

    @BeforeEach
    void start() {
        script = new DeployScript(folder);
        ca = TestAuthority.write(
                folder.resolve("ca.pem"), TestAuthority.root("Root CA").certificate());
    }

    @AfterEach
    void stop() {
        script.close();
    }

    private Path documents() {
        return folder.resolve("the documents");
    }

    private String document(String name) throws IOException {
        return Files.readString(documents().resolve(name));
    }

    private String[] arguments(String... more) {
        List<String> all = List.of(
                "all",
                "--project=my-project",
                "--region=europe-west1",
                "--fqdn=token-service.example.com",
                "--pool=my-pool",
                "--pool-name=It's $HOME `here` \"now\"",
                "--ca=" + ca,
                "--documents=" + documents());
        return Stream.concat(all.stream(), List.of(more).stream()).toArray(String[]::new);
    }

    @Test
    void dryRun_printsEveryCommandOfTheGuideInOrderAndCallsNothing() {
        Ended ended = script.run(arguments("--dry-run"));

        assertThat(ended.status()).as(ended.all()).isZero();
        List<String> lines = ended.output().lines().toList();
        assertThat(lines).allMatch(line -> line.matches("(gcloud|docker|curl) .+"));
        List<String> ofGuide = lines.stream()
                .distinct()
                .filter(line -> GUIDE.stream().anyMatch(line::startsWith))
                .toList();
        for (int i = 0; i < GUIDE.size(); i++) {
            assertThat(ofGuide.get(i)).startsWith(GUIDE.get(i));
        }
        assertThat(lines)
                .filteredOn(line -> line.startsWith("gcloud "))
                .allMatch(line -> line.contains("--project=my-project"));
        assertThat(script.calls).isEmpty();
    }

    @Test
    void dryRun_pastedIntoAShell_makesWhatTheScriptItselfMakes() throws IOException {
        Path commands = Files.writeString(
                folder.resolve("commands"), script.run(arguments("--dry-run")).output());
        assertThat(script.run(arguments()).status()).isZero();
        FakeCloud made = new FakeCloud();
        made.copy(script.cloud);
        script.cloud.copy(new FakeCloud());

        Ended pasted = script.bash("", List.of("bash", "-e", commands.toString()));

        assertThat(pasted.status()).as(pasted.all()).isZero();
        assertThat(script.cloud.resources).isEqualTo(made.resources);
        assertThat(script.cloud.bindings).isEqualTo(made.bindings);
        assertThat(script.cloud.secrets).isEqualTo(made.secrets);
    }

    @Test
    void dryRun_documents_areWrittenForReviewWithoutTheSecret() throws IOException {
        Ended ended = script.run(arguments("--dry-run"));

        try (Stream<Path> files = Files.list(documents())) {
            assertThat(files.toList())
                    .hasSize(4)
                    .allSatisfy(file -> assertThat(ended.errors()).contains("# wrote " + file));
        }
        assertThat(document("run-services.yaml"))
                .startsWith("apiVersion: serving.knative.dev/v1\n")
                .contains("name: TOKEN_ISSUER\n", "https://token-service.example.com", "@{secret-version}");
        assertThat(document("certificate-manager-trust-configs.yaml")).contains("BEGIN CERTIFICATE");
        assertThat(document("network-security-server-tls-policies.yaml"))
                .contains("clientValidationMode: ALLOW_INVALID_OR_MISSING_CLIENT_CERT");
        assertThat(document("compute-backend-services.yaml")).contains("X-Token-Service-Proxy:@{proxy-secret}");
        assertThat(ended.output()).doesNotContain("BEGIN CERTIFICATE", "clientValidationMode", "customRequestHeaders");
    }

    @Test
    void dryRun_documentsThatCannotBeWritten_areRefused() {
        Ended ended = script.run("mtls", "--project=my-project", "--ca=" + ca, "--documents=" + ca, "--dry-run");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.errors()).contains("cannot be written: give another --documents");
    }

    @Test
    void image_isBuiltWithTheCommit() {
        assertThat(script.run(arguments("--dry-run")).output())
                .contains("--build-arg=REVISION=\"$(git rev-parse --short=12 HEAD)\" ");
        assertThat(script.run(arguments()).status()).isZero();
        assertThat(script.calls)
                .filteredOn(call -> call.words().contains("build"))
                .allMatch(call -> call.words().contains("--build-arg=REVISION=" + DeployScript.COMMIT));
    }

    @Test
    void dryRun_whatOnlyTheCloudKnows_isPrintedAsTheCommandThatFindsItOrGiven() throws IOException {
        String question = "$(gcloud projects describe my-project --format='value(projectNumber)')";

        assertThat(script.run(arguments("--dry-run")).output())
                .contains(question)
                .contains("$(gcloud secrets versions access latest --secret=token-service-proxy --project=my-project");
        assertThat(script.run(arguments("--dry-run", "--project-number=123456789012"))
                        .output())
                .doesNotContain(question);
        assertThat(document("run-services.yaml")).contains("123456789012").doesNotContain("@{project-number}");
        assertThat(script.calls).isEmpty();
    }

    @Test
    void optionsFile_isReadAsDataAndTheCommandLineCountsBeforeIt() throws IOException {
        Path options = Files.writeString(folder.resolve("deploy.options"), """
                # the project
                project = my-project
                region=us-east1

                fqdn = token-service.example.com
                pool = my-pool
                pool-name = $(id) `id` # 1
                ca = %s
                """.formatted(ca));

        Ended ended = script.run(
                "all", "--dry-run", "--region=europe-west1", "--pool-name=x $(id)", "--options", options.toString());

        assertThat(ended.status()).as(ended.all()).isZero();
        assertThat(ended.output())
                .contains("--region=europe-west1")
                .doesNotContain("us-east1")
                .contains("--display-name='x $(id)'");
        assertThat(script.run("all", "--dry-run", "--options=" + options).output())
                .contains("--display-name='$(id) `id` # 1'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "projects = x | line 1: unknown option projects",
                "options = x  | line 1: unknown option options",
                "project      | line 1: should be name=value",
                "region = x;region = y | line 2: region is given twice"
            })
    void optionsFile_malformed_isRefusedWithItsLine(String text, String problem) throws IOException {
        Path options = Files.writeString(folder.resolve("deploy.options"), text.replace(';', '\n'));

        Ended ended = script.run("all", "--dry-run", "--options=" + options);

        assertThat(ended.status()).isEqualTo(64);
        assertThat(ended.errors()).contains(problem);
    }

    @ParameterizedTest
    @CsvSource({
        "--project=123456789012, must be a project id (not its number)",
        "--region=Europe, must be a region",
        "--fqdn=token-service, must be a full DNS name",
        "--fqdn=TOKEN.example.com, must be a full DNS name",
        "--pool=gcp-pool, must not start with gcp-",
        "--project-number=12x, must be a project number",
        "--client-id-header=X-Client-Cert-Serial-Number, must be X-Client-Cert-Hash",
        "--load-balancing-scheme=INTERNAL, must be EXTERNAL or EXTERNAL_MANAGED",
        "--image=$(id), must be the name of a container image",
        "--manifest=/nowhere/app.yaml, there is no file /nowhere/app.yaml",
        "--intermediate-ca=pom.xml, holds no certificates in PEM"
    })
    void option_badValue_isNamedWithWhatIsAllowed(String option, String problem) {
        String name = option.substring(0, option.indexOf('=') + 1);
        String[] arguments = Stream.concat(
                        List.of(arguments()).stream().filter(argument -> !argument.startsWith(name)),
                        Stream.of(option, "--dry-run"))
                .toArray(String[]::new);

        Ended ended = script.run(arguments);

        assertThat(ended.status()).isEqualTo(64);
        assertThat(ended.errors()).contains(problem);
        assertThat(ended.output()).isEmpty();
    }

    @Test
    void options_missing_areNamedTogether() {
        Ended ended = script.run("all");

        assertThat(ended.status()).isEqualTo(64);
        assertThat(ended.errors())
                .contains("--project is missing")
                .contains("--region is missing")
                .contains("--fqdn is missing")
                .contains("--pool is missing")
                .contains("--ca is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--nonsense", "--project", "everything", "--project=a --project=b", ""})
    void usage_isShownForWhatIsNotUnderstood(String arguments) {
        Ended ended = script.run(arguments.isEmpty() ? new String[0] : arguments.split(" ", -1));

        assertThat(ended.status()).isEqualTo(64);
        assertThat(ended.errors()).contains("Usage: scripts/deploy STEP");
    }

    @Test
    void ca_withAPrivateKey_isRefused() {
        TestAuthority.Identity identity = TestAuthority.root("Root CA").server();
        Path file = TestAuthority.write(folder.resolve("both.pem"), identity.certificate(), identity.key());

        Ended ended = script.run("mtls", "--project=my-project", "--ca=" + file, "--dry-run");

        assertThat(ended.status()).isEqualTo(64);
        assertThat(ended.errors()).contains("holds a private key");
    }

    @Test
    void manifest_ofOnesOwn_isRenderedAndUnknownBlanksAreRefused() throws IOException {
        String manifest = Files.readString(Path.of("ops/cloud-run/app.yaml"));
        Path own = Files.writeString(
                folder.resolve("app.yaml"),
                manifest + "            - name: TOKEN_AUDIENCES\n              value: https://${FQDN}/api\n");

        assertThat(script.run(arguments("--dry-run", "--manifest=" + own)).status())
                .isZero();
        assertThat(document("run-services.yaml")).contains("value: https://token-service.example.com/api");

        Files.writeString(own, manifest.replace("${POOL}", "${POOOL}"));
        Ended ended = script.run(arguments("--dry-run", "--manifest=" + own));
        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.errors()).contains("${POOOL}, which nothing is known of");
    }

    @Test
    void help_answers() {
        Ended ended = script.run("--help");

        assertThat(ended.status()).isZero();
        assertThat(ended.output()).contains("--destroy", "--dry-run", "load-balancer");
    }
}
