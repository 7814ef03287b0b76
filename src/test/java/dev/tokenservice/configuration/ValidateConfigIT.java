package dev.tokenservice.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.TestCommandLine;
import dev.tokenservice.testing.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code validate} with files of every kind, and {@code scripts/validate-config} that runs it in somebody's CI. */
@Tag("scripts-and-pages")
class ValidateConfigIT {

    /** What the deployment guide has the operator write, with the values of an imagined project. */
    private static final String MANIFEST_OF_THE_GUIDE = """
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
                  serviceAccountName: token-service@my-project.iam.gserviceaccount.com
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
                      value: "widgets"
                    - name: WORKLOAD_IDENITY_PROVIDER_ID
                      value: "token-service"
                    - name: MTLS_HEADER_CLIENT_ID
                      value: "X-Client-Cert-Hash"
            """;

    @TempDir
    Path folder;

    @Test
    void goodFilesOfEveryKind_areValid() throws IOException {
        Command ended = script(
                file("app.yaml", MANIFEST_OF_THE_GUIDE),
                file(
                        "prod.env",
                        "# production\nTOKEN_ISSUER=https://token-service.example.com\nLANG=C.UTF-8\nHOME\nNOTE=it's # ours\n"),
                file("small.yml", "token:\n  validity: 10\n"),
                "config.yml");

        assertThat(ended.output()).isEmpty();
        assertThat(ended.status()).as(ended.complaint()).isZero();
    }

    @Test
    void manifest_badValues_areNamedAllTogetherWithFileAndSetting() throws IOException {
        String file = file(
                "app.yaml",
                MANIFEST_OF_THE_GUIDE
                        .replace("\"5\"", "\"5x\"")
                        .replace("value: \"123456789012\"", "value: \"my-project\"")
                        .replace("\"X-Client-Cert-Hash\"", "\"X-Client-Cert-Issuer\"")
                        .replace("AUTH_FLOWS", "AUTH_FLOW"));

        Command ended = script(file);

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.output().lines())
                .allSatisfy(line -> assertThat(line).startsWith(file + ":"))
                .anyMatch(line -> line.contains(
                        "token.validity (TOKEN_VALIDITY): found '5x', must be minutes, such as 5, 5m or PT5M"))
                .anyMatch(line -> line.contains("WORKLOAD_IDENITY_PROJECT_NUMBER") && line.contains("project NUMBER"))
                .anyMatch(line -> line.contains("(MTLS_HEADER_CLIENT_ID)"))
                .anyMatch(line -> line.contains("AUTH_FLOW: is unknown") && line.contains("did you mean AUTH_FLOWS?"))
                .hasSize(4);
    }

    @Test
    void manifest_valueFromASecretElsewhere_countsAsSetAndIsNotJudged() throws IOException {
        String fromSecret = "valueFrom: {secretKeyRef: {name: token-service, key: latest}}";
        String manifest =
                MANIFEST_OF_THE_GUIDE.replace("value: \"widgets\"", fromSecret).replace("value: \"5\"", fromSecret);

        TestCommandLine ended = validate(file("app.yaml", manifest));
        assertThat(ended.status()).isEqualTo(3);
        assertThat(ended.output().lines())
                .hasSize(2)
                .allMatch(line -> line.endsWith(
                        ": not checked: it comes from the Secret token-service, which is not among the files"));

        TestCommandLine misspelt = validate(file("app.yaml", manifest.replace("_POOL_ID", "_POOL")));
        assertThat(misspelt.status()).isEqualTo(1);
        assertThat(misspelt.output())
                .contains("did you mean WORKLOAD_IDENITY_POOL_ID?")
                .contains("workloadIdentity.poolId")
                .contains("is missing");
    }

    private static final String DEPLOYMENT = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: token-service}
            spec:
              template:
                spec:
                  containers:
                  - name: token-service
                    envFrom:
                    - configMapRef: {name: settings}
                    - prefix: PROXY_
                      secretRef: {name: proxy}
                    env:
                    - name: TOKEN_VALIDITY
                      valueFrom: {configMapKeyRef: {name: times, key: validity}}
                    - name: ACCESS_TOKEN_VALIDITY
                      valueFrom: {configMapKeyRef: {name: times, key: access, optional: true}}
            """;

    private static final String MAPS = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: settings}
            data:
              TOKEN_ISSUER: https://token-service.example.com
              TOKEN_VALIDITY: "4711"
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: times}
            data: {validity: "5"}
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: proxy}
            data: {SECRET: aHVudGVyMg==}
            """;

    @Test
    void workload_isJudgedWithTheMapsAndSecretsOfTheFolder() throws IOException {
        file("deployment.yaml", DEPLOYMENT);
        file("maps.yaml", MAPS);
        file("values.yaml", "replicas: 2\n");

        assertThat(validate(folder.toString()))
                .satisfies(ended -> assertThat(ended.output()).isEmpty())
                .satisfies(ended -> assertThat(ended.status()).isZero());

        String bad = MAPS.replace("https://token", "http://token")
                .replace("\"5\"", "\"721\"")
                .replace("SECRET: aHVudGVyMg==", "SECRET: aHVudGVyMiBodW50ZXIy");
        file("maps.yaml", bad);
        TestCommandLine ended = validate(folder.toString());
        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.output().lines())
                .allSatisfy(line -> assertThat(line).startsWith(folder + "/deployment.yaml:"))
                .hasSize(3)
                .anyMatch(
                        line -> line.contains("token.issuer (TOKEN_ISSUER): found 'http://token-service.example.com'"))
                .anyMatch(line -> line.contains("token.validity (TOKEN_VALIDITY): found '721'"))
                .anyMatch(line -> line.contains("authentication.proxy.secrets[0] (PROXY_SECRET)"));
        assertThat(ended.output()).doesNotContain("hunter2").doesNotContain("aHVudGVy");
    }

    @Test
    void workload_whatIsNotAmongTheFiles_isNotJudged() throws IOException {
        TestCommandLine ended = validate(file("deployment.yaml", DEPLOYMENT));

        assertThat(ended.status()).isEqualTo(3);
        assertThat(ended.output().lines())
                .hasSize(4)
                .anyMatch(
                        line -> line.endsWith(
                                ":not checked: other variables can come from the ConfigMap settings, which is not among the files"))
                .anyMatch(line -> line.endsWith(
                        ":not checked: other variables can come from the Secret proxy, which is not among the files"))
                .anyMatch(line -> line.contains(":TOKEN_VALIDITY: not checked: it comes from the ConfigMap times"))
                .anyMatch(line -> line.endsWith(
                        ":ACCESS_TOKEN_VALIDITY: not checked: it comes from the ConfigMap times, which is not among the files; "
                                + "it is optional"));
        assertThat(validate(file("deployment.yaml", DEPLOYMENT), file("maps.yaml", MAPS.replace("validity:", "other:")))
                        .output())
                .contains("TOKEN_VALIDITY: the ConfigMap times has no key validity");
    }

    @Test
    void secret_alone_isJudgedAndNoValueWritten() throws IOException {
        TestCommandLine ended = validate(file("secret.yaml", """
                apiVersion: v1
                kind: Secret
                metadata: {name: token-service}
                data: {TOKEN_ISSUER: aHVudGVyMg==, LOG_LEVEL: "not base64!"}
                stringData: {TRUSTED_PROXIES: 10.11.12.13/8, WORKLOAD_IDENTITY_POOL_ID: widgets}
                """));

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.output())
                .contains("token.issuer (TOKEN_ISSUER): found a value that is not shown, must be an https URL")
                .contains(
                        "(TRUSTED_PROXIES): found a value that is not shown, must be the first address of the network")
                .contains("LOG_LEVEL: the value under data must be base64; stringData takes plain text")
                .contains("not checked: workloadIdentity.providerId")
                .contains(
                        "not checked: other variables can be set beside the Secret token-service: no file here uses it")
                .doesNotContain("hunter2")
                .doesNotContain("10.")
                .doesNotContain("widgets");
    }

    @Test
    void kustomization_makesMapsOfEnvFiles() throws IOException {
        file("kustomization.yaml", """
                apiVersion: kustomize.config.k8s.io/v1beta1
                kind: Kustomization
                configMapGenerator:
                - name: settings
                  envs: [settings.env]
                  literals: [LOG_LEVEL=loud]
                - name: times
                  literals: [validity=7]
                secretGenerator:
                - name: proxy
                  literals: [SECRET=hunter2 hunter2]
                """);
        file("settings.env", "TOKEN_ISSUER=https://token-service.example.com\n");
        file("deployment.yaml", DEPLOYMENT);

        TestCommandLine ended = validate(folder.toString());

        assertThat(ended.output().lines())
                .hasSize(2)
                .anyMatch(line -> line.contains("deployment.yaml:logging.level (LOG_LEVEL): found 'loud'"))
                .anyMatch(line -> line.contains("deployment.yaml:authentication.proxy.secrets[0] (PROXY_SECRET)"));
        assertThat(ended.output()).doesNotContain("hunter2");
    }

    @Test
    void template_andDownwardApi_areNotJudged() throws IOException {
        TestCommandLine ended = validate(
                file("chart.yaml", "kind: Deployment\nmetadata: {{ include \"labels\" . }}\n"),
                file(
                        "app.yaml",
                        MANIFEST_OF_THE_GUIDE
                                .replace("value: \"widgets\"", "value: \"${POOL}\"")
                                .replace("value: \"5\"", "valueFrom: {fieldRef: {fieldPath: metadata.name}}")));

        assertThat(ended.status()).isEqualTo(3);
        assertThat(ended.output())
                .contains("chart.yaml:not checked: it is a template")
                .contains("WORKLOAD_IDENITY_POOL_ID: not checked: it holds a placeholder that is filled in later")
                .contains("TOKEN_VALIDITY: not checked: it comes from the downward API");
    }

    @Test
    void compose_environmentOfAService_isJudgedInBothForms() throws IOException {
        TestCommandLine ended = validate(file(
                "compose.yaml",
                "services:\n  a: {environment: {TOKEN_VALIDITY: 0}}\n  b: {environment: [PORT=x, LOG_LEVEL]}\n"));

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.output())
                .contains("compose.yaml:token.validity (TOKEN_VALIDITY): found '0'")
                .contains("compose.yaml:server.port (PORT): found 'x'")
                .contains("compose.yaml:LOG_LEVEL: not checked: it comes from the environment");
    }

    @Test
    void envFile_ofDocker_takesEachLineAsItIs() throws IOException {
        TestCommandLine ended = validate(
                file(
                        "docker.env",
                        "  TOKEN_VALIDITY=5\nexport PORT=8080\nTOKEN_ISSUER=https://x.example \nTOKEN_AUDIENCE=a # b\nSIGNER\n"));

        assertThat(ended.output().lines())
                .hasSize(4)
                .anyMatch(line -> line.contains("line 2: must not begin with export"))
                .anyMatch(line -> line.contains("TOKEN_ISSUER: must not end with a space"))
                .anyMatch(line -> line.contains("token.audience (TOKEN_AUDIENCE): found 'a # b'"))
                .anyMatch(line -> line.contains("SIGNER: not checked: it comes from the environment in which"));
    }

    @Test
    void envFile_ofSystemd_mayHaveQuotes() throws IOException {
        file("token-service.service", "[Service]\nEnvironmentFile=/etc/token-service/service.env\n");
        file("service.env", "TOKEN_ISSUER=\"https://x.example\"\n; a comment\nTOKEN_VALIDITY= 5 \n");

        assertThat(validate(folder.toString()).output()).isEmpty();
        file("service.env", "TOKEN_ISSUER='x'\nTOKEN_VALIDITY\n");
        assertThat(validate(folder.toString()).output())
                .contains("token.issuer (TOKEN_ISSUER): found 'x'")
                .contains("line 2: must be KEY=VALUE");
    }

    @Test
    void filesOfTheRepository_areInOrder() {
        assertThat(validate("ops/kubernetes", "ops/systemd", "config.yml"))
                .satisfies(ended -> assertThat(ended.output()).isEmpty())
                .satisfies(ended -> assertThat(ended.status()).isZero());
        // The bundles of the examples are those of whoever uses them.
        assertThat(validate("examples"))
                .satisfies(ended -> assertThat(ended.output().lines())
                        .isNotEmpty()
                        .allMatch(line -> line.startsWith("examples/policy/") && line.contains(".pem cannot be read")))
                .satisfies(ended -> assertThat(ended.status()).isEqualTo(3));
        assertThat(validate("ops"))
                .satisfies(ended -> assertThat(ended.output().lines())
                        .isNotEmpty()
                        .allMatch(line ->
                                line.startsWith("ops/cloud-run/app.yaml:") && line.contains(": not checked: it ")))
                .satisfies(ended -> assertThat(ended.status()).isEqualTo(3));
    }

    @Test
    void manifest_numberWithoutQuotesAndRepeatedName_areProblems() throws IOException {
        String twice = MANIFEST_OF_THE_GUIDE.replace("\"5\"", "5") + """
                    - name: AUTH_FLOWS
                      value: "mtls-client-credentials"
            """;

        assertThat(validate(file("app.yaml", twice)).output())
                .contains("TOKEN_VALIDITY: the value must be a text")
                .contains("AUTH_FLOWS: is set twice");
    }

    @Test
    void envFile_badLines_areNamedAndNoSecretIsWritten() throws IOException {
        TestCommandLine ended = validate(
                file(
                        "bad.env",
                        "TOKEN_VALIDITY=721\nPROXY_SECRET=hunter2 hunter2\nMTLS_PRIVATE_KEY_PASSWORD='hunter2'\nhunter2 and more\n"));

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.output())
                .contains("token.validity (TOKEN_VALIDITY): found '721', must be 1 to 720 minutes")
                .contains("authentication.proxy.secrets[0] (PROXY_SECRET): found a value that is not shown")
                .contains("MTLS_PRIVATE_KEY_PASSWORD: must not be in quotes")
                .contains("line 4: must be KEY=VALUE");
        assertThat(ended.output() + ended.errors()).doesNotContain("hunter2");
    }

    @Test
    void configurationFile_badSettings_areNamedAndNoSecretIsWritten() throws IOException {
        TestCommandLine ended = validate(
                file("a.yml", "token: {validity: 0}\nauthentication: {proxy: {secrets: [hunter2 hunter2]}}\n"),
                file("b.yml", "token: ["),
                folder.resolve("missing.yml").toString());

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.output())
                .contains("a.yml:token.validity (TOKEN_VALIDITY): found '0'")
                .contains("a.yml:authentication.proxy.secrets[0] (PROXY_SECRET)")
                .contains("b.yml:is not a well-formed YAML file")
                .contains("missing.yml:cannot be read")
                .doesNotContain("hunter2");
    }

    @Test
    void configurationFile_environmentOfTheCaller_changesNothing() {
        assertThat(Command.script("validate-config", Map.of("TOKEN_VALIDITY", "nonsense"), "config.yml")
                        .status())
                .isZero();
    }

    @Test
    void wrongArgumentsAndMissingJar_areTold() {
        assertThat(script().status()).isEqualTo(64);
        assertThat(script("--nonsense").complaint()).contains("unknown option: --nonsense");
        assertThat(script("--help").output()).startsWith("Usage: scripts/validate-config");
        Command ended = Command.script("validate-config", Map.of("TOKEN_SERVICE_JAR", "no.jar"), "config.yml");
        assertThat(ended.status()).isEqualTo(3);
        assertThat(ended.complaint()).contains("no.jar").contains("mvn -q -DskipTests package");
    }

    private String file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    private static Command script(String... files) {
        return Command.script("validate-config", Map.of(), files);
    }

    private static TestCommandLine validate(String... files) {
        return TestCommandLine.run(
                Map.of(), Stream.concat(Stream.of("validate"), Stream.of(files)).toArray(String[]::new));
    }
}
