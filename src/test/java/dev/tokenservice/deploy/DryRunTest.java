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
import org.junit.jupiter.api.BeforeAll;
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
    static Path shared;

    /** A dry run and a run with the same options, once for all tests. */
    private static DeployScript dry;

    private static Ended dryEnded;
    private static DeployScript made;
    private static Path ca;

    @TempDir
    Path folder;

    private DeployScript script;

    @BeforeAll
    static void runOnce() {
        ca = TestAuthority.write(
                shared.resolve("ca.pem"), TestAuthority.root("Root CA").certificate());
        try (DeployScript dryScript = new DeployScript(shared);
                DeployScript script = new DeployScript(shared)) {
            dry = dryScript;
            dryEnded = dryScript.run(arguments(shared, "--dry-run"));
            assertThat(dryEnded.status()).as(dryEnded.all()).isZero();
            made = script;
            Ended ended = script.run(arguments(shared));
            assertThat(ended.status()).as(ended.all()).isZero();
        }
    }

    @BeforeEach
    void start() {
        script = new DeployScript(folder);
    }

    @AfterEach
    void stop() {
        script.close();
    }

    private static Path documents(Path folder) {
        return folder.resolve("the documents");
    }

    private static String document(Path folder, String name) throws IOException {
        return Files.readString(documents(folder).resolve(name));
    }

    private String[] arguments(String... more) {
        return arguments(folder, more);
    }

    private static String[] arguments(Path folder, String... more) {
        List<String> all = List.of(
                "all",
                "--project=my-project",
                "--region=europe-west1",
                "--fqdn=token-service.example.com",
                "--pool=my-pool",
                "--pool-name=It's $HOME `here` \"now\"",
                "--ca=" + ca,
                "--documents=" + documents(folder));
        return Stream.concat(all.stream(), List.of(more).stream()).toArray(String[]::new);
    }

    @Test
    void dryRun_printsEveryCommandOfTheGuideInOrderAndCallsNothing() {
        List<String> lines = dryEnded.output().lines().toList();
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
        assertThat(dry.calls).isEmpty();
    }

    @Test
    void dryRun_pastedIntoAShell_makesWhatTheScriptItselfMakes() throws IOException {
        Path commands = Files.writeString(folder.resolve("commands"), dryEnded.output());

        Ended pasted = script.bash("", List.of("bash", "-e", commands.toString()));

        assertThat(pasted.status()).as(pasted.all()).isZero();
        assertThat(script.cloud.resources).isEqualTo(made.cloud.resources);
        assertThat(script.cloud.bindings).isEqualTo(made.cloud.bindings);
        assertThat(script.cloud.secrets).isEqualTo(made.cloud.secrets);
    }

    @Test
    void dryRun_documents_areWrittenForReviewWithoutTheSecret() throws IOException {
        try (Stream<Path> files = Files.list(documents(shared))) {
            assertThat(files.toList())
                    .hasSize(4)
                    .allSatisfy(file -> assertThat(dryEnded.errors()).contains("# wrote " + file));
        }
        assertThat(document(shared, "run-services.yaml"))
                .startsWith("apiVersion: serving.knative.dev/v1\n")
                .contains("name: TOKEN_ISSUER\n", "https://token-service.example.com", "@{secret-version}");
        assertThat(document(shared, "certificate-manager-trust-configs.yaml")).contains("BEGIN CERTIFICATE");
        assertThat(document(shared, "network-security-server-tls-policies.yaml"))
                .contains("clientValidationMode: ALLOW_INVALID_OR_MISSING_CLIENT_CERT");
        assertThat(document(shared, "compute-backend-services.yaml")).contains("X-Token-Service-Proxy:@{proxy-secret}");
        assertThat(dryEnded.output())
                .doesNotContain("BEGIN CERTIFICATE", "clientValidationMode", "customRequestHeaders");
    }

    @Test
    void dryRun_documentsThatCannotBeWritten_areRefused() {
        Ended ended = script.run("mtls", "--project=my-project", "--ca=" + ca, "--documents=" + ca, "--dry-run");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.errors()).contains("cannot write").contains("set --documents to another folder");
    }

    @Test
    void image_isBuiltWithTheCommit() {
        assertThat(dryEnded.output()).contains("--build-arg=REVISION=\"$(git rev-parse --short=12 HEAD)\" ");
        assertThat(made.calls)
                .filteredOn(call -> call.words().contains("build"))
                .isNotEmpty()
                .allMatch(call -> call.words().contains("--build-arg=REVISION=" + DeployScript.COMMIT));
    }

    @Test
    void dryRun_whatOnlyTheCloudKnows_isPrintedAsTheCommandThatFindsItOrGiven() throws IOException {
        String question = "$(gcloud projects describe my-project --format='value(projectNumber)')";

        assertThat(dryEnded.output())
                .contains(question)
                .contains("$(gcloud secrets versions access latest --secret=token-service-proxy --project=my-project");
        assertThat(script.run(arguments("--dry-run", "--project-number=123456789012"))
                        .output())
                .doesNotContain(question);
        assertThat(document(folder, "run-services.yaml"))
                .contains("123456789012")
                .doesNotContain("@{project-number}");
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
                "project      | line 1: the line must be name=value",
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
        "--manifest=/nowhere/app.yaml, cannot read the file /nowhere/app.yaml",
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
        assertThat(document(folder, "run-services.yaml")).contains("value: https://token-service.example.com/api");

        Files.writeString(own, manifest.replace("${POOL}", "${POOOL}"));
        Ended ended = script.run(arguments("--dry-run", "--manifest=" + own));
        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.errors()).contains("the manifest has the unknown placeholder ${POOOL}");
    }

    @Test
    void help_answers() {
        Ended ended = script.run("--help");

        assertThat(ended.status()).isZero();
        assertThat(ended.output()).contains("--destroy", "--dry-run", "load-balancer");
    }
}
