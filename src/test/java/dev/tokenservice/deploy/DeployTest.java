package dev.tokenservice.deploy;

import static dev.tokenservice.deploy.DeployScript.SECRET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tokenservice.deploy.DeployScript.Ended;
import dev.tokenservice.testing.TestAuthority;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code scripts/deploy} makes what is missing, mends what differs, leaves alone what is right, and says where it failed. */
class DeployTest {

    private static final String ACCOUNT = "token-service@my-project.iam.gserviceaccount.com";
    private static final String ENVIRONMENT = "spec.template.spec.containers[0].env";
    private static final FakeReply DENIED = FakeReply.error("PERMISSION_DENIED: you may not do that");

    @TempDir
    static Path folder;

    /** What {@code all} has made, once for all tests. */
    private static final FakeCloud DEPLOYED = new FakeCloud();

    private final DeployScript script = new DeployScript(folder);

    @BeforeAll
    static void deployOnce() {
        TestAuthority.write(
                folder.resolve("ca.pem"), TestAuthority.root("Root CA").certificate());
        TestAuthority.write(
                folder.resolve("two.pem"),
                TestAuthority.root("One CA").certificate(),
                TestAuthority.root("Other CA").certificate());
        try (DeployScript script = new DeployScript(folder)) {
            Ended ended = deploy(script, "all");
            assertThat(ended.status()).as(ended.all()).isZero();
            DEPLOYED.copy(script.cloud);
        }
    }

    @AfterEach
    void stop() {
        script.close();
    }

    private Ended deploy(String step, String... more) {
        return deploy(script, step, more);
    }

    private static Ended deploy(DeployScript script, String step, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                step,
                "--project=my-project",
                "--region=europe-west1",
                "--fqdn=token-service.example.com",
                "--pool=my-pool",
                "--pool-name=My widgets' pool",
                "--ca=" + folder.resolve("ca.pem"),
                "--intermediate-ca=" + folder.resolve("two.pem")));
        arguments.addAll(List.of(more));
        return script.run(arguments.toArray(String[]::new));
    }

    /** As after {@code all}. */
    private void deployed() {
        script.cloud.copy(DEPLOYED);
    }

    private Map<String, Map<String, String>> state() {
        Map<String, Map<String, String>> copy = new TreeMap<>();
        script.cloud.resources.forEach((key, resource) -> copy.put(key, new TreeMap<>(resource)));
        return copy;
    }

    @Test
    void all_emptyProject_makesEverything() {
        Ended ended = deploy("all");

        assertThat(ended.status()).as(ended.all()).isZero();
        assertThat(script.cloud.resources.keySet())
                .containsExactlyInAnyOrder(
                        "services/enabled",
                        "iam service-accounts/" + ACCOUNT,
                        "secrets/token-service-proxy",
                        "iam workload-identity-pools/my-pool",
                        "artifacts repositories/token-service",
                        "artifacts docker images/europe-west1-docker.pkg.dev/my-project/token-service/token-service:"
                                + DeployScript.COMMIT,
                        "run services/token-service",
                        "compute addresses/token-service-ip",
                        "compute ssl-certificates/token-service",
                        "compute backend-services/token-service-backend",
                        "compute network-endpoint-groups/token-service",
                        "compute url-maps/token-service",
                        "compute target-https-proxies/token-service-proxy",
                        "compute forwarding-rules/token-service-https",
                        "iam workload-identity-pools providers/token-service",
                        "certificate-manager trust-configs/token-service-ca",
                        "network-security server-tls-policies/token-service-mtls");
        assertThat(script.cloud.bindings)
                .containsOnly(
                        Map.entry(
                                "iam service-accounts/" + ACCOUNT,
                                List.of("roles/iam.serviceAccountTokenCreator serviceAccount:" + ACCOUNT)),
                        Map.entry(
                                "secrets/token-service-proxy",
                                List.of("roles/secretmanager.secretAccessor serviceAccount:" + ACCOUNT)),
                        Map.entry("run services/token-service", List.of("roles/run.invoker allUsers")));
        assertThat(ended.output()).contains("token-service.example.com. A " + FakeCloud.ADDRESS);
    }

    @Test
    void all_emptyProject_connectsThePartsOfTheService() {
        deployed();

        Map<String, String> service = script.cloud.resource("run services", "token-service");
        assertThat(service)
                .containsEntry("metadata.annotations.run.googleapis.com/ingress", "internal-and-cloud-load-balancing")
                .containsEntry("metadata.namespace", FakeCloud.PROJECT_NUMBER)
                .containsEntry("spec.template.spec.serviceAccountName", ACCOUNT)
                .containsValue("https://token-service.example.com");
        assertThat(script.cloud.resource("iam workload-identity-pools providers", "token-service"))
                .containsEntry("oidc.issuerUri", "https://token-service.example.com")
                .containsEntry("attributeMapping.google.subject", "assertion.client_id")
                .containsEntry("attributeMapping.attribute.client_x5_serial", "assertion.client.x5_serial");
        assertThat(script.cloud.resource("network-security server-tls-policies", "token-service-mtls"))
                .containsEntry("mtlsPolicy.clientValidationMode", "ALLOW_INVALID_OR_MISSING_CLIENT_CERT");
        assertThat(script.cloud
                        .resource("certificate-manager trust-configs", "token-service-ca")
                        .keySet())
                .contains(
                        "trustStores[0].trustAnchors[0].pemCertificate",
                        "trustStores[0].intermediateCas[1].pemCertificate");
        assertThat(script.cloud.resource("compute backend-services", "token-service-backend"))
                .containsValue("X-Client-Cert-Leaf:{client_cert_leaf}")
                .containsValue("X-Token-Service-Proxy:" + SECRET);
        assertThat(script.cloud.secrets).containsExactly(SECRET);
    }

    @Test
    void all_secondRun_changesNothing() {
        deployed();

        Ended ended = deploy("all");

        assertThat(ended.status()).as(ended.all()).isZero();
        assertThat(script.changes()).isEmpty();
        assertThat(script.calls).extracting(FakeCall::action).doesNotContain("build", "push");
    }

    static Stream<Arguments> drifts() {
        String backend = "compute backend-services/token-service-backend";
        String service = "run services/token-service";
        String provider = "iam workload-identity-pools providers/token-service";
        String proxy = "compute target-https-proxies/token-service-proxy";
        return Stream.of(
                arguments("project", "iam service-accounts/" + ACCOUNT, "displayName", "Other", "update"),
                arguments("app", "iam workload-identity-pools/my-pool", "displayName", "Other", "update"),
                arguments("app", "iam workload-identity-pools/my-pool", "state", "DELETED", "undelete"),
                arguments("app", service, ENVIRONMENT + "[0].value", "mtls-client-credentials", "replace"),
                arguments("app", service, ENVIRONMENT + "[11].name", "LOG_LEVEL", "replace"),
                arguments("app", service, "metadata.annotations.run.googleapis.com/ingress", "all", "replace"),
                arguments("app", service, "spec.template.spec.containers[0].image", "other", "replace"),
                arguments(
                        "load-balancer",
                        "compute url-maps/token-service",
                        "defaultService",
                        "x/other",
                        "set-default-service"),
                arguments("load-balancer", proxy, "urlMap", "x/other", "update"),
                arguments("load-balancer", proxy, "sslCertificates[0]", "x/other", "update"),
                arguments("mtls", proxy, "serverTlsPolicy", "x/other", "update"),
                arguments(
                        "load-balancer",
                        "compute forwarding-rules/token-service-https",
                        "target",
                        "x/other",
                        "set-target"),
                arguments("load-balancer", backend, "backends[0].group", "x/other", "add-backend"),
                arguments("mtls", backend, "customRequestHeaders[0]", "X-Client-Cert-Present:true", "import"),
                arguments("mtls", backend, "customRequestHeaders[11]", "X-Token-Service-Proxy:old", "import"),
                arguments("mtls", backend, "logConfig.enable", "False", "import"),
                arguments(
                        "load-balancer",
                        provider,
                        "oidc.issuerUri",
                        "https://token-service.example.com/",
                        "update-oidc"),
                arguments("load-balancer", provider, "attributeMapping.google.subject", "assertion.sub", "update-oidc"),
                arguments("load-balancer", provider, "attributeMapping.google.groups", "assertion.amr", "update-oidc"),
                arguments("load-balancer", provider, "state", "DELETED", "undelete"),
                arguments(
                        "mtls",
                        "certificate-manager trust-configs/token-service-ca",
                        "trustStores[0].trustAnchors[1].pemCertificate",
                        "\"-----BEGIN CERTIFICATE-----\\nMIIB\\n-----END CERTIFICATE-----\\n\"",
                        "import"),
                arguments(
                        "mtls",
                        "network-security server-tls-policies/token-service-mtls",
                        "mtlsPolicy.clientValidationMode",
                        "REJECT_INVALID",
                        "import"));
    }

    @ParameterizedTest
    @MethodSource("drifts")
    void step_resourceThatDiffers_isUpdatedAndNothingElse(
            String step, String key, String path, String value, String action) {
        deployed();
        Map<String, Map<String, String>> before = state();
        String[] kindAndName = key.split("/", 2);
        script.cloud.resource(kindAndName[0], kindAndName[1]).put(path, value);

        Ended ended = deploy(step);

        assertThat(ended.status()).as(ended.all()).isZero();
        assertThat(script.changes()).containsExactly("gcloud " + kindAndName[0] + " " + action);
        assertThat(state()).isEqualTo(before);
    }

    @Test
    void mtls_otherHeadersOfTheBackend_areKept() {
        deployed();
        script.cloud
                .resource("compute backend-services", "token-service-backend")
                .put("customRequestHeaders[0]", "X-Region:it's {client_region}");

        Ended ended = deploy("mtls");

        assertThat(ended.status()).as(ended.all()).isZero();
        assertThat(script.cloud.resource("compute backend-services", "token-service-backend"))
                .containsEntry("customRequestHeaders[0]", "X-Client-Cert-Present:{client_cert_present}")
                .containsEntry("customRequestHeaders[12]", "X-Region:it's {client_region}");
        script.calls.clear();
        deploy("mtls");
        assertThat(script.changes()).isEmpty();
    }

    @Test
    void app_roleWithACondition_isGrantedWithoutOne() {
        deployed();
        script.cloud.bindings.put(
                "run services/token-service",
                new ArrayList<>(List.of("roles/run.invoker allUsers request.time<timestamp('2020')")));

        deploy("app");

        assertThat(script.changes()).containsExactly("gcloud run services add-iam-policy-binding");
    }

    @Test
    void twoSecrets_whileOneReplacesTheOther_theLoadBalancerSendsTheFirst() {
        deployed();
        script.cloud.secrets.add("new," + SECRET);

        Ended ended = deploy("all");

        assertThat(ended.status()).as(ended.all()).isZero();
        assertThat(script.changes())
                .containsExactly("gcloud run services replace", "gcloud compute backend-services import");
        assertThat(script.cloud.resource("run services", "token-service"))
                .containsEntry(ENVIRONMENT + "[8].valueFrom.secretKeyRef.key", "2");
        assertThat(script.cloud.resource("compute backend-services", "token-service-backend"))
                .containsEntry("customRequestHeaders[11]", "X-Token-Service-Proxy:new");
    }

    @Test
    void secret_isOnNoCommandLineAndInNoOutput() {
        Ended ended = deploy("all");

        assertThat(ended.status()).as(ended.all()).isZero();
        assertThat(script.calls).allSatisfy(call -> assertThat(call.words()).noneMatch(word -> word.contains(SECRET)));
        assertThat(ended.all()).doesNotContain(SECRET);
    }

    @Test
    void secret_repeatedByGoogle_isNotPrinted() {
        script.faults.put(
                "gcloud compute backend-services import",
                call -> Optional.of(FakeReply.error("Invalid value: 'X-Token-Service-Proxy:" + SECRET + "'")));

        Ended ended = deploy("all");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.errors()).contains("Invalid value: 'X-Token-Service-Proxy:***'");
        assertThat(ended.all()).doesNotContain(SECRET);
    }

    @Test
    void change_thatFails_namesStepCommandAndHowToGoOn() {
        script.faults.put("gcloud compute url-maps create", call -> Optional.of(DENIED));

        Ended ended = deploy("all");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.errors())
                .contains("the step load-balancer failed at the URL map token-service")
                .contains("gcloud compute url-maps create token-service --default-service=token-service-backend")
                .contains("PERMISSION_DENIED: you may not do that")
                .contains("your account needs a role on my-project")
                .contains("scripts/deploy load-balancer mtls verify --project=my-project")
                .contains("--pool-name='My widgets'\\'' pool'");
        assertThat(script.changes()).endsWith("gcloud compute url-maps create");

        script.faults.clear();
        script.calls.clear();
        assertThat(deploy("all").status()).isZero();
        assertThat(script.changes()).startsWith("gcloud compute url-maps create");
    }

    @Test
    void question_thatFails_isNotTakenForAbsence() {
        script.faults.put("gcloud iam service-accounts describe", call -> Optional.of(DENIED));

        Ended ended = deploy("all");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.errors()).contains("the step project failed at the service account " + ACCOUNT);
        assertThat(script.changes()).containsExactly("gcloud services enable");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 100})
    void change_somethingNewNotKnownYet_isRepeatedWithinBounds(int times) {
        int[] left = {times};
        script.faults.put(
                "gcloud iam service-accounts add-iam-policy-binding",
                call -> left[0]-- > 0
                        ? Optional.of(
                                FakeReply.error("INVALID_ARGUMENT: Service account " + ACCOUNT + " does not exist."))
                        : Optional.empty());

        Ended ended = deploy("project");

        assertThat(ended.status()).as(ended.all()).isEqualTo(times == 2 ? 0 : 1);
        assertThat(script.calls)
                .filteredOn(call -> call.words().get(0).equals("sleep"))
                .hasSize(times == 2 ? 2 : 5);
    }

    @Test
    void disabledPool_isNotSwitchedOn() {
        deployed();
        script.cloud.resource("iam workload-identity-pools", "my-pool").put("disabled", "True");

        Ended ended = deploy("app");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.errors()).contains("it is disabled").contains("--no-disabled");
        assertThat(script.changes()).isEmpty();
    }

    @Test
    void certificate_forAnotherName_isNotTouchedAndTheRemedyNamed() {
        deployed();

        Ended ended = deploy("load-balancer", "--fqdn", "other.example.com");

        assertThat(ended.status()).isEqualTo(2);

        script.cloud.resource("compute ssl-certificates", "token-service").put("managed.domains[0]", "old.example.com");
        ended = deploy("load-balancer");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.errors()).contains("--certificate=token-service-2");
        assertThat(deploy("load-balancer", "--certificate=token-service-2").status())
                .isZero();
        assertThat(script.changes())
                .containsExactly(
                        "gcloud compute ssl-certificates create", "gcloud compute target-https-proxies update");
    }

    @Test
    void verify_certificateNotIssuedYet_saysToWait() {
        deployed();
        script.cloud.resource("compute ssl-certificates", "token-service").put("managed.status", "PROVISIONING");

        Ended ended = deploy("verify");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.errors()).contains("Google has not issued it yet").contains("wait");
    }

    @Test
    void verify_nameElsewhere_saysWhichRecord() {
        deployed();
        script.faults.put("getent ahostsv4", call -> Optional.of(FakeReply.ok("198.51.100.1 STREAM x")));

        Ended ended = deploy("verify");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.errors())
                .contains("it is 198.51.100.1, and should be " + FakeCloud.ADDRESS)
                .contains("token-service.example.com. A " + FakeCloud.ADDRESS);
    }

    @Test
    void verify_anotherIssuer_isNamed() {
        deployed();
        script.faults.put("curl -sS", call -> Optional.of(FakeReply.ok("{\"issuer\":\"https://run.example.com\"}")));

        Ended ended = deploy("verify");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.errors())
                .contains("its issuer is not https://token-service.example.com")
                .contains("TOKEN_ISSUER");
    }

    @Test
    void image_ofChangedFiles_isNotBuilt() {
        deployed();
        script.cloud.resources.keySet().removeIf(key -> key.startsWith("artifacts"));
        script.faults.put("git status", call -> Optional.of(FakeReply.ok(" M pom.xml")));

        Ended ended = deploy("app");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.errors()).contains("commit, or give --image");
        script.calls.clear();
        assertThat(deploy("app", "--image=registry.example.com/token-service:1").status())
                .isZero();
        assertThat(script.changes()).containsExactly("gcloud run services replace");
    }

    private Ended destroy(String input, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("--destroy", "--project=my-project", "--region=europe-west1", "--pool=my-pool"));
        arguments.addAll(List.of(more));
        return script.runWith(input, arguments.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yes\n", "my-projec\n"})
    void destroy_withoutTheRightAnswer_deletesNothing(String input) {
        deployed();

        Ended ended = destroy(input);

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.errors()).contains("nothing was deleted");
        assertThat(script.changes()).isEmpty();
    }

    @Test
    void destroy_confirmed_takesEverythingDownAndCanBeRepeated() {
        deployed();

        Ended ended = destroy("my-project\n");

        assertThat(ended.status()).as(ended.all()).isZero();
        assertThat(script.changes()).hasSize(15).allMatch(verb -> verb.endsWith(" delete"));
        assertThat(script.changes().get(0)).isEqualTo("gcloud compute forwarding-rules delete");
        script.calls.clear();
        assertThat(destroy("", "--yes").status()).isZero();
        assertThat(script.changes()).isEmpty();

        deployed();
        assertThat(script.cloud.resource("iam workload-identity-pools", "my-pool"))
                .doesNotContainKey("state");
    }
}
