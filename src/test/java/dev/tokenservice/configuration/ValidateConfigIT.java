package dev.tokenservice.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.testing.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/validate-config} with files of every kind, as a step of somebody's CI. */
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
        Command ended = validate(
                file("app.yaml", MANIFEST_OF_THE_GUIDE),
                file("prod.env", "# production\nTOKEN_ISSUER=https://token-service.example.com\nLANG=C.UTF-8\nHOME\n"),
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
                        .replace("\"5\"", "\"5m\"")
                        .replace("value: \"123456789012\"", "value: \"my-project\"")
                        .replace("\"X-Client-Cert-Hash\"", "\"X-Client-Cert-Issuer\"")
                        .replace("AUTH_FLOWS", "AUTH_FLOW"));

        Command ended = validate(file);

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.output().lines())
                .allSatisfy(line -> assertThat(line).startsWith(file + ":"))
                .anyMatch(line -> line.contains("token.validity (TOKEN_VALIDITY): found '5m', must be a whole number"))
                .anyMatch(line -> line.contains("WORKLOAD_IDENITY_PROJECT_NUMBER") && line.contains("project NUMBER"))
                .anyMatch(line -> line.contains("(MTLS_HEADER_CLIENT_ID)"))
                .anyMatch(line -> line.contains("AUTH_FLOW: is not known") && line.contains("did you mean AUTH_FLOWS?"))
                .hasSize(4);
    }

    @Test
    void manifest_valueFromASecret_countsAsSetAndIsNotValidated() throws IOException {
        String fromSecret = "valueFrom: {secretKeyRef: {name: token-service, key: latest}}";
        String manifest =
                MANIFEST_OF_THE_GUIDE.replace("value: \"widgets\"", fromSecret).replace("value: \"5\"", fromSecret);

        assertThat(validate(file("app.yaml", manifest)).output()).isEmpty();
        assertThat(validate(file("app.yaml", manifest.replace("_POOL_ID", "_POOL")))
                        .output())
                .contains("did you mean WORKLOAD_IDENITY_POOL_ID?")
                .contains("workloadIdentity.poolId")
                .contains("is missing");
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
        Command ended = validate(
                file(
                        "bad.env",
                        "TOKEN_VALIDITY=721\nPROXY_SECRET=hunter2 hunter2\nMTLS_PRIVATE_KEY_PASSWORD='hunter2'\nhunter2 and more\n"));

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.output())
                .contains("token.validity (TOKEN_VALIDITY): found '721', must be 1 to 720 minutes")
                .contains("authentication.proxy.secrets (PROXY_SECRET): found a value that is not shown")
                .contains("MTLS_PRIVATE_KEY_PASSWORD: must not be in quotes")
                .contains("line 4: must be KEY=VALUE");
        assertThat(ended.output() + ended.complaint()).doesNotContain("hunter2");
    }

    @Test
    void configurationFile_badSettings_areNamedAndNoSecretIsWritten() throws IOException {
        Command ended = validate(
                file("a.yml", "token: {validity: 0}\nauthentication: {proxy: {secrets: [hunter2 hunter2]}}\n"),
                file("b.yml", "token: ["),
                folder.resolve("missing.yml").toString());

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.output())
                .contains("a.yml:token.validity (TOKEN_VALIDITY): found '0'")
                .contains("a.yml:authentication.proxy.secrets (PROXY_SECRET)")
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
        assertThat(validate().status()).isEqualTo(2);
        assertThat(validate("--nonsense").complaint()).contains("unknown option: --nonsense");
        assertThat(validate("--help").output()).startsWith("Usage: scripts/validate-config");
        Command ended = Command.script("validate-config", Map.of("TOKEN_SERVICE_JAR", "no.jar"), "config.yml");
        assertThat(ended.status()).isEqualTo(2);
        assertThat(ended.complaint()).contains("no.jar").contains("mvn -q -DskipTests package");
    }

    private String file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    private static Command validate(String... files) {
        return Command.script("validate-config", Map.of(), files);
    }
}
