package dev.tokenservice.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tokenservice.google.FakeGoogle;
import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Http;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.RunningJar;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestService;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service with the variables that a manifest gives it on Cloud Run, and the headers of the load balancer before it. */
class CloudRunIT {

    /** The manifest of the guide that is in use, misspelt names included. */
    private static final String GUIDE = """
            apiVersion: serving.knative.dev/v1
            kind: Service
            metadata:
              name: token-service
              namespace: 123456789012
              labels:
                cloud.googleapis.com/location: europe-west1
              annotations:
                run.googleapis.com/ingress: internal-and-cloud-load-balancing
            spec:
              template:
                spec:
                  serviceAccountName: token-service@project.iam.gserviceaccount.com
                  containers:
                  - image: gcr.io/my-project/token-service:latest
                    env:
                    - name: AUTH_FLOWS
                      value: "xlb-mtls-client-credentials"
                    - name: TOKEN_VALIDITY
                      value: "5"
                    - name: WORKLOAD_IDENITY_PROJECT_NUMBER
                      value: "123456789012"
                    - name: WORKLOAD_IDENITY_POOL_ID
                      value: "my-pool"
                    - name: WORKLOAD_IDENITY_PROVIDER_ID
                      value: "token-service"
                    - name: MTLS_HEADER_CLIENT_ID
                      value: "X-Client-Cert-Hash"
            """;

    private static final String AUDIENCE = "https://iam.googleapis.com/projects/123456789012/locations/global"
            + "/workloadIdentityPools/my-pool/providers/token-service";

    @TempDir
    Path folder;

    private final X509Certificate certificate =
            TestAuthority.root("Root CA").client("spiffe://example.org/robot").certificate();

    @Test
    @Tag("scripts-and-pages")
    void deployedManifestAndHeaders_fitTogether() {
        try (DeployScript script = deployed();
                FakeGoogle google = FakeGoogle.start();
                RunningJar service = start(google, manifest(script))) {
            Headers headers = headers(script);

            Response answer = Http.send(service.port(), TestService.tokenRequest(headers));

            assertThat(answer.status()).as(service.log()).isEqualTo(200);
            JsonNode claims = claims(answer);
            assertThat(claims.path("iss").textValue()).isEqualTo("https://token-service.example.com");
            assertThat(claims.path("aud").textValue()).isEqualTo(AUDIENCE);
            assertThat(claims.path("sub").textValue()).isEqualTo(TestLoadBalancer.hash(certificate));
            for (String missing : new String[] {"X-Token-Service-Proxy", "X-Client-Cert-Leaf"}) {
                assertThat(Http.send(service.port(), TestService.tokenRequest(headers.without(missing)))
                                .status())
                        .as(missing)
                        .isEqualTo(401);
            }
            probes(manifest(script)).forEach(path -> assertBecomesHealthy(service, path));
        }
    }

    /** Cloud Run asks again, too: readiness follows the first signature by a moment. */
    private static void assertBecomesHealthy(RunningJar service, String path) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        int status;
        do {
            status = Http.send(service.port(), Request.get(path)).status();
        } while (status != 200 && System.nanoTime() < end);
        assertThat(status).as(path).isEqualTo(200);
    }

    @Test
    void guideManifest_unchanged_works() {
        try (FakeGoogle google = FakeGoogle.start();
                RunningJar service = start(google, Yaml.parse(GUIDE))) {
            Response answer =
                    Http.send(service.port(), TestService.tokenRequest(TestLoadBalancer.verified(certificate)));

            assertThat(answer.status()).as(service.log()).isEqualTo(200);
            assertThat(claims(answer).path("aud").textValue()).isEqualTo(AUDIENCE);
            assertThat(claims(answer).path("client_id").textValue()).isEqualTo(TestLoadBalancer.hash(certificate));
            assertThat(Http.send(service.port(), Request.get("/")).status()).isEqualTo(307);
            assertThat(service.log()).containsPattern("WARN.* TRUSTED_PROXIES is any on Cloud Run");
        }
    }

    private DeployScript deployed() {
        DeployScript script = new DeployScript(folder);
        Path ca = TestAuthority.write(
                folder.resolve("ca.pem"), TestAuthority.root("Root CA").certificate());
        DeployScript.Ended ended = script.run(
                "all",
                "--project=my-project",
                "--region=europe-west1",
                "--fqdn=token-service.example.com",
                "--pool=my-pool",
                "--ca=" + ca);
        assertThat(ended.status()).as(ended.all()).isZero();
        return script;
    }

    /** The manifest that gcloud was given. */
    private static JsonNode manifest(DeployScript script) {
        return script.calls.stream()
                .filter(call -> call.action().equals("replace"))
                .map(call -> Yaml.parse(call.input()))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode container(JsonNode manifest) {
        return manifest.at("/spec/template/spec/containers/0");
    }

    private static Stream<String> probes(JsonNode manifest) {
        return Stream.of("startupProbe", "livenessProbe")
                .map(probe ->
                        container(manifest).at("/" + probe + "/httpGet/path").textValue());
    }

    /** As Cloud Run starts it: with the manifest's variables, and those of its own. */
    private RunningJar start(FakeGoogle google, JsonNode manifest) {
        Map<String, String> environment = google.cloudRun();
        for (JsonNode variable : container(manifest).path("env")) {
            environment.put(
                    variable.path("name").textValue(), variable.path("value").asText(DeployScript.SECRET));
        }
        environment.put("K_SERVICE", manifest.at("/metadata/name").textValue());
        return RunningJar.start(folder, environment, google.certificates().jvmArguments(folder));
    }

    /** What the load balancer makes of the headers that it was told to send. */
    private Headers headers(DeployScript script) {
        Headers known = TestLoadBalancer.verified(certificate).and("X-Client-Cert-Leaf", leaf());
        Headers sent = Headers.NONE;
        for (Map.Entry<String, String> line : script.cloud
                .resource("compute backend-services", "token-service-backend")
                .entrySet()) {
            if (line.getKey().startsWith("customRequestHeaders[")) {
                String[] header = line.getValue().split(":", 2);
                sent = sent.and(header[0], header[1].startsWith("{") ? known.value(header[0]) : header[1]);
            }
        }
        assertThat(sent.all()).hasSize(12);
        return sent;
    }

    /** RFC 9440 section 2.2. */
    private String leaf() {
        try {
            return ":" + Base64.getEncoder().encodeToString(certificate.getEncoded()) + ":";
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode claims(Response answer) {
        String payload = answer.text("id_token").split("\\.", -1)[1];
        return Yaml.parse(new String(Base64.getUrlDecoder().decode(payload), StandardCharsets.UTF_8));
    }
}
