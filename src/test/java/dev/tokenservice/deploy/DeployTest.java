package dev.tokenservice.deploy;

import static dev.tokenservice.deploy.DeployScript.SECRET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tokenservice.deploy.DeployScript.Ended;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code scripts/deploy} makes what is missing, mends what differs, and leaves alone what is right. */
@Tag("scripts-and-pages")
class DeployTest extends DeployedProject {

    private static final String ENVIRONMENT = "spec.template.spec.containers[0].env";

    private Map<String, Map<String, String>> state() {
        Map<String, Map<String, String>> copy = new TreeMap<>();
        script.cloud.resources.forEach((key, resource) -> copy.put(key, new TreeMap<>(resource)));
        return copy;
    }

    @Test
    void all_emptyProject_makesEverything() {
        assertThat(first.cloud.resources.keySet())
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
                        "compute ssl-policies/token-service",
                        "compute target-https-proxies/token-service-proxy",
                        "compute forwarding-rules/token-service-https",
                        "iam workload-identity-pools providers/token-service",
                        "certificate-manager trust-configs/token-service-ca",
                        "network-security server-tls-policies/token-service-mtls");
        assertThat(first.cloud.bindings)
                .containsOnly(
                        Map.entry(
                                "iam service-accounts/" + ACCOUNT,
                                List.of("roles/iam.serviceAccountTokenCreator serviceAccount:" + ACCOUNT)),
                        Map.entry(
                                "secrets/token-service-proxy",
                                List.of("roles/secretmanager.secretAccessor serviceAccount:" + ACCOUNT)),
                        Map.entry("run services/token-service", List.of("roles/run.invoker allUsers")));
        assertThat(firstEnded.output()).contains("token-service.example.com. A " + FakeCloud.ADDRESS);
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
                arguments("load-balancer", "compute ssl-policies/token-service", "minTlsVersion", "TLS_1_0", "update"),
                arguments("load-balancer", proxy, "sslPolicy", "x/other", "update"),
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
        assertThat(first.calls)
                .isNotEmpty()
                .allSatisfy(call -> assertThat(call.words()).noneMatch(word -> word.contains(SECRET)));
        assertThat(firstEnded.all()).doesNotContain(SECRET);
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
}
