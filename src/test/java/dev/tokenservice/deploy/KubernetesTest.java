package dev.tokenservice.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tokenservice.TokenServiceConfiguration;
import dev.tokenservice.testing.Command;
import dev.tokenservice.testing.MarkdownPage;
import dev.tokenservice.testing.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The manifests of {@code ops/kubernetes} against each other and against the service. */
class KubernetesTest {

    private static final Path FOLDER = Path.of("ops/kubernetes");

    /** The longest that the service takes to stop: {@code StopIT}. */
    private static final int STOP_SECONDS = 10;

    private final Map<String, String> environment = EnvironmentFile.read("ops/kubernetes/token-service.env");
    private final Map<String, JsonNode> manifests = manifests();
    private final JsonNode kustomization =
            Yaml.documents(FOLDER.resolve("kustomization.yaml")).get(0);
    private final JsonNode pod = manifest("Deployment").at("/spec/template/spec");
    private final JsonNode container = pod.at("/containers/0");

    private Map<String, JsonNode> manifests() {
        Map<String, JsonNode> byKind = new HashMap<>();
        for (JsonNode file :
                Yaml.documents(FOLDER.resolve("kustomization.yaml")).get(0).path("resources")) {
            JsonNode manifest = Yaml.documents(FOLDER.resolve(file.textValue())).get(0);
            byKind.put(manifest.path("kind").textValue(), manifest);
        }
        return byKind;
    }

    private JsonNode manifest(String kind) {
        JsonNode manifest = manifests.get(kind);
        assertThat(manifest).as(kind).isNotNull();
        return Objects.requireNonNull(manifest);
    }

    private static Stream<JsonNode> stream(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    @Test
    void kustomization_namesEveryFileOfTheFolder() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".yaml") && !name.equals("kustomization.yaml")))
                    .containsExactlyInAnyOrderElementsOf(stream(kustomization.path("resources"))
                            .map(JsonNode::textValue)
                            .toList());
        }
        assertThat(kustomization.at("/configMapGenerator/0/envs/0").textValue()).isEqualTo("token-service.env");
        assertThat(container.at("/envFrom/0/configMapRef/name").textValue())
                .isEqualTo(kustomization.at("/configMapGenerator/0/name").textValue());
        assertThat(container.path("image").textValue())
                .isEqualTo(kustomization.at("/images/0/name").textValue());
    }

    @Test
    void variables_areKnownToTheService() {
        assertThat(TokenServiceConfiguration.model().variables()).containsAll(environment.keySet());
    }

    @Test
    void ports_areThoseOfTheService() throws IOException {
        JsonNode defaults = Yaml.parse(Files.readString(Path.of("config.yml")));
        Map<String, Integer> ports = new HashMap<>();
        container
                .path("ports")
                .forEach(port -> ports.put(
                        port.path("name").textValue(),
                        port.path("containerPort").asInt()));

        assertThat(ports)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "http", defaults.at("/server/port").asInt(),
                        "admin", defaults.at("/server/adminPort").asInt(),
                        "https", Integer.parseInt(environment.getOrDefault("MTLS_PORT", "0"))));
        assertThat(manifest("Service").at("/spec/ports/0/targetPort").textValue())
                .isEqualTo("https");
        JsonNode scraped = manifest("Deployment").at("/spec/template/metadata/annotations");
        assertThat(scraped.path("prometheus.io/port").asInt())
                .isEqualTo(defaults.at("/server/adminPort").asInt());
        assertThat(scraped.path("prometheus.io/path").textValue()).isEqualTo("/prometheus");
    }

    @Test
    void probes_askThePlainPort() {
        assertThat(Stream.of("startupProbe", "readinessProbe", "livenessProbe").map(container::path))
                .allSatisfy(probe ->
                        assertThat(probe.at("/httpGet/port").textValue()).isEqualTo("http"))
                .extracting(probe -> probe.at("/httpGet/path").textValue())
                .containsExactly("/health-check?type=ready", "/health-check?type=ready", "/health-check?type=alive");
    }

    @Test
    void patchOfThePage_withoutThePlainPort_fitsTheDeployment() throws IOException {
        String text = MarkdownPage.read("docs/deployment.md").section("Kubernetes").blocks("yaml").stream()
                .filter(block -> block.startsWith("patches:"))
                .findFirst()
                .orElseThrow();
        JsonNode operations = Yaml.parse(Yaml.parse(text).at("/patches/0/patch").textValue());

        assertThat(stream(operations).filter(one -> !one.path("op").textValue().equals("remove")))
                .hasSize(6)
                .allSatisfy(one -> {
                    String path = one.path("path").textValue();
                    JsonNode probe = manifest("Deployment").at(path.substring(0, path.lastIndexOf('/')));
                    assertThat(probe.path("path").textValue()).startsWith("/health-check");
                    assertThat(probe.has(path.substring(path.lastIndexOf('/') + 1)))
                            .isEqualTo(one.path("op").textValue().equals("replace"));
                });
        assertThat(container.at("/ports/0/name").textValue()).isEqualTo("http");
    }

    @Test
    void selectors_allMeanThePodsOfTheDeployment() {
        JsonNode labels = manifest("Deployment").at("/spec/template/metadata/labels");

        assertThat(labels.isEmpty()).isFalse();
        assertThat(List.of(
                        manifest("Deployment").at("/spec/selector/matchLabels"),
                        manifest("Service").at("/spec/selector"),
                        manifest("PodDisruptionBudget").at("/spec/selector/matchLabels"),
                        manifest("NetworkPolicy").at("/spec/podSelector/matchLabels"),
                        pod.at("/topologySpreadConstraints/0/labelSelector/matchLabels")))
                .containsOnly(labels);
        JsonNode scaled = manifest("HorizontalPodAutoscaler").at("/spec/scaleTargetRef");
        assertThat(scaled.path("kind").textValue()).isEqualTo("Deployment");
        assertThat(scaled.path("name")).isEqualTo(manifest("Deployment").at("/metadata/name"));
        assertThat(pod.path("serviceAccountName"))
                .isEqualTo(manifest("ServiceAccount").at("/metadata/name"));
        assertThat(manifest("Deployment").at("/spec/replicas").isMissingNode())
                .as("the autoscaler alone says how many")
                .isTrue();
    }

    @Test
    void files_areAllMounted() {
        List<String> mounts = stream(container.path("volumeMounts"))
                .map(mount -> mount.path("mountPath").textValue())
                .toList();

        assertThat(environment.values())
                .filteredOn(value -> value.startsWith("/"))
                .hasSize(4)
                .allMatch(file -> mounts.stream().anyMatch(file::startsWith));
        assertThat(stream(container.path("volumeMounts"))
                        .map(mount -> mount.path("name").textValue()))
                .containsExactlyElementsOf(stream(pod.path("volumes"))
                        .map(volume -> volume.path("name").textValue())
                        .toList());
    }

    @Test
    void pod_isRestricted() {
        assertThat(Yaml.flatten(pod.path("securityContext")))
                .containsEntry("runAsNonRoot", "True")
                .containsEntry("runAsUser", "10001")
                .containsEntry("seccompProfile.type", "RuntimeDefault");
        assertThat(Yaml.flatten(container.path("securityContext")))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "allowPrivilegeEscalation", "False",
                        "readOnlyRootFilesystem", "True",
                        "capabilities.drop[0]", "ALL"));
        assertThat(pod.path("automountServiceAccountToken").booleanValue()).isFalse();
        assertThat(pod.path("enableServiceLinks").asBoolean(true)).isFalse();
        assertThat(manifest("Namespace")
                        .at("/metadata/labels/pod-security.kubernetes.io~1enforce")
                        .textValue())
                .isEqualTo("restricted");
    }

    @Test
    void rotationOfKeys_mayChangeTheOneSecretAndNothingElse() {
        JsonNode job = manifest("CronJob").at("/spec/jobTemplate/spec/template/spec");
        List<JsonNode> documents = Yaml.documents(FOLDER.resolve("rotate-keys.yaml"));
        JsonNode role = documents.stream()
                .filter(document -> document.path("kind").textValue().equals("Role"))
                .findFirst()
                .orElseThrow();

        assertThat(Yaml.flatten(role.path("rules")))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "[0].apiGroups[0]", "",
                        "[0].resources[0]", "secrets",
                        "[0].resourceNames[0]",
                                stream(pod.path("volumes"))
                                        .filter(volume ->
                                                volume.path("name").textValue().equals("keys"))
                                        .findFirst()
                                        .orElseThrow()
                                        .at("/secret/secretName")
                                        .textValue(),
                        "[0].verbs[0]", "get",
                        "[0].verbs[1]", "update"));
        assertThat(manifest("CronJob").at("/spec/concurrencyPolicy").textValue())
                .isEqualTo("Forbid");
        assertThat(job.at("/initContainers/1/image")).isEqualTo(container.path("image"));
        assertThat(job.at("/initContainers/1/args/0").textValue()).isEqualTo("keys");
        for (JsonNode one :
                List.of(job.at("/initContainers/0"), job.at("/initContainers/1"), job.at("/containers/0"))) {
            assertThat(one.path("securityContext")).isEqualTo(container.path("securityContext"));
        }
        assertThat(job.at("/securityContext/runAsNonRoot").booleanValue()).isTrue();
    }

    @Test
    void stop_isGivenTheTimeThatItTakes() {
        int pause = container.at("/lifecycle/preStop/sleep/seconds").asInt();

        assertThat(pause).isPositive();
        assertThat(pod.path("terminationGracePeriodSeconds").asInt()).isGreaterThan(pause + STOP_SECONDS);
    }

    @Test
    void adminPort_isOpenToPrometheusOnly() {
        assertThat(environment).containsEntry("ADMIN_HOST", "0.0.0.0");
        JsonNode ingress = manifest("NetworkPolicy").at("/spec/ingress");

        assertThat(ingress).hasSize(2);
        assertThat(Yaml.flatten(ingress))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "[0].ports[0].port", "https",
                        "[1].from[0].namespaceSelector.matchLabels.kubernetes.io/metadata.name", "monitoring",
                        "[1].ports[0].port", "admin"));
        assertThat(stream(manifest("NetworkPolicy").at("/spec/policyTypes")).map(JsonNode::textValue))
                .containsExactly("Ingress", "Egress");
    }

    @Tag("other-programs")
    @Test
    void kustomization_isBuiltByKubectl() {
        Command built = Command.run(
                Path.of("."),
                Map.of(),
                List.of(Programs.require("kubectl").toString(), "kustomize", FOLDER.toString()));

        assertThat(built.status()).as(built.complaint()).isZero();
        assertThat(built.output())
                .contains("MTLS_PORT: \"8443\"")
                .contains("image: registry.example.com/token-service:")
                .doesNotContain("image: token-service\n");
    }
}
