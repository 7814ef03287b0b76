package dev.tokenservice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.testing.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code validate} says of a policy file, wherever it is. */
class ValidatedPolicyTest {

    private static final String POLICY = """
            version: 1
            authorities:
              factory: {trustBundle: bundles/factory.pem, trustDomains: [factory.example]}
            rules: allow-all
            """;

    private static final String DEPLOYMENT = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: token-service}
            spec:
              template:
                spec:
                  volumes:
                  - {name: policy, configMap: {name: policy}}
                  - {name: bundles, secret: {secretName: bundles, items: [{key: ca, path: factory.pem}]}}
                  containers:
                  - name: token-service
                    volumeMounts:
                    - {name: policy, mountPath: /etc/policy}
                    - {name: bundles, mountPath: /etc/policy/bundles}
                    env:
                    - {name: POLICY, value: /etc/policy/policy.yml}
            """;

    @TempDir
    Path folder;

    private String bundle;

    @BeforeEach
    void makeBundle() {
        bundle = TestAuthority.pem(TestAuthority.root("Factory CA").certificate());
    }

    private String file(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.resolveSibling("."));
        return Files.writeString(file, content).toString();
    }

    private TestCommandLine validate(String... files) {
        return TestCommandLine.run(Map.of(), arguments(files));
    }

    private static String[] arguments(String... files) {
        String[] arguments = new String[files.length + 1];
        arguments[0] = "validate";
        System.arraycopy(files, 0, arguments, 1, files.length);
        return arguments;
    }

    private static String map(String kind, String name, String key, String content) {
        return "---\napiVersion: v1\nkind: " + kind + "\nmetadata: {name: " + name + "}\n"
                + (kind.equals("Secret") ? "stringData" : "data") + ":\n  " + key + ": |\n"
                + content.indent(4);
    }

    @Test
    void policy_amongTheFiles_isJudgedWithTheFilesThatItNames() throws IOException {
        String policy = file("policy.yml", POLICY);
        assertThat(validate(policy)).satisfies(ended -> {
            assertThat(ended.output())
                    .startsWith(policy + ":not checked, because a file that the policy names is missing here: 3:26: ");
            assertThat(ended.status()).isEqualTo(3);
        });

        file("bundles/factory.pem", bundle);
        assertThat(validate(folder.toString()))
                .satisfies(ended -> assertThat(ended.output()).isEmpty())
                .satisfies(ended -> assertThat(ended.status()).isZero());

        file("policy.yml", POLICY.replace("trustDomains", "trustDomain"));
        assertThat(validate(folder.toString())).satisfies(ended -> {
            assertThat(ended.output()).startsWith(policy + ":3:47: the key 'trustDomain' is unknown");
            assertThat(ended.status()).isEqualTo(1);
        });
    }

    /** As a step before each commit has the names of all files that changed. */
    @Test
    void filesBesideAPolicy_areNotTakenForSettings() throws IOException {
        file("bundles/factory.pem", bundle);
        String policy = file("policy.yml", POLICY);
        String cases = file("cases.yml", "cases:\n- {name: a, client: {id: b}, expect: {decision: allow}}\n");
        String hooks =
                file(".pre-commit-config.yaml", Files.readString(Path.of("examples/policy/.pre-commit-config.yaml")));

        assertThat(validate(policy, hooks).output()).isEmpty();
        assertThat(validate(folder.toString()).output()).isEmpty();
        assertThat(validate(policy, cases, hooks)).satisfies(ended -> {
            assertThat(ended.output())
                    .isEqualTo(cases + ":not checked: these are cases; run them with policy test POLICY CASES\n");
            assertThat(ended.status()).isEqualTo(3);
        });
    }

    @Test
    void policy_ofAConfigMap_isJudgedWithTheBundleOfASecret() throws IOException {
        String manifests = DEPLOYMENT + map("ConfigMap", "policy", "policy.yml", POLICY);
        assertThat(validate(file("all.yaml", manifests + map("Secret", "bundles", "ca", bundle))))
                .satisfies(ended -> assertThat(ended.output()).isEmpty())
                .satisfies(ended -> assertThat(ended.status()).isZero());

        assertThat(validate(file("all.yaml", manifests))).satisfies(ended -> {
            assertThat(ended.output())
                    .contains(":POLICY: not checked, because a file that the policy names is missing here: "
                            + "/etc/policy/policy.yml:3:26: /etc/policy/bundles/factory.pem");
            assertThat(ended.status()).isEqualTo(3);
        });

        String bad =
                manifests.replace("rules: allow-all", "rules: none") + map("Secret", "bundles", "ca", "no certificate");
        assertThat(validate(file("all.yaml", bad))).satisfies(ended -> {
            assertThat(ended.output())
                    .contains(":POLICY: /etc/policy/policy.yml:4:8: must be a list of rules")
                    .contains("policy.yml:3:26: /etc/policy/bundles/factory.pem holds no certificate");
            assertThat(ended.status()).isEqualTo(1);
        });
    }

    @Test
    void policy_besideSettingsThatSayTheSame_isRefused() throws IOException {
        String absolute = POLICY.replace("bundles/factory.pem", "/etc/policy/bundles/factory.pem");
        String manifests = DEPLOYMENT + "        - {name: MTLS_VERIFY_FORWARDED, value: \"false\"}\n"
                + map("ConfigMap", "policy", "policy.yml", absolute)
                + map("Secret", "bundles", "ca", bundle);

        assertThat(validate(file("all.yaml", manifests)).output())
                .contains("policy.yml:3:3: authorities says the same as MTLS_VERIFY_FORWARDED");
    }

    @Test
    void policy_ofASecret_isJudgedAndNothingOfItIsShown() throws IOException {
        String manifests = DEPLOYMENT.replace("configMap: {name: policy}", "secret: {secretName: policy}")
                + map("Secret", "policy", "policy.yml", "version: 1\nhunter2: allow-all\n");

        assertThat(validate(file("all.yaml", manifests))).satisfies(ended -> {
            assertThat(ended.output())
                    .contains("POLICY: /etc/policy/policy.yml is invalid; a Secret holds it")
                    .doesNotContain("hunter2");
            assertThat(ended.status()).isEqualTo(1);
        });
    }

    @Test
    void policy_thatIsElsewhere_isNotJudged() throws IOException {
        assertThat(validate(file("all.yaml", DEPLOYMENT))).satisfies(ended -> {
            assertThat(ended.output())
                    .contains(
                            "POLICY: not checked: /etc/policy/policy.yml is in the ConfigMap policy, which is not among");
            assertThat(ended.status()).isEqualTo(3);
        });
        assertThat(validate(file("service.env", "POLICY=/etc/nowhere/policy.yml\n")))
                .satisfies(ended -> {
                    assertThat(ended.output())
                            .contains("POLICY: not checked: /etc/nowhere/policy.yml is not on this machine");
                    assertThat(ended.status()).isEqualTo(3);
                });
    }

    @Test
    void policy_thatAKustomizationMakesAMapOf_isJudged() throws IOException {
        file("kustomization.yaml", """
                apiVersion: kustomize.config.k8s.io/v1beta1
                kind: Kustomization
                configMapGenerator: [{name: policy, files: [policy.yml=sources/p.txt]}]
                secretGenerator: [{name: bundles, files: [ca=sources/ca.pem]}]
                """);
        file("deployment.yaml", DEPLOYMENT);
        file("sources/ca.pem", bundle);
        file("sources/p.txt", POLICY.replace("version: 1", "version: 7"));

        assertThat(validate(folder.toString()).output())
                .isEqualTo(folder.resolve("deployment.yaml")
                        + ":POLICY: /etc/policy/policy.yml:1:10: version must be 1\n");
    }

    @Test
    void policy_thatConfigYmlNames_isJudgedOnThisMachine() throws IOException {
        String policy = file("policy.yml", "version: 1\nrules: none\n");

        assertThat(validate(file("config.yml", "authentication: {policy: " + policy + "}\n")))
                .satisfies(ended -> {
                    assertThat(ended.output())
                            .contains("config.yml:POLICY: " + policy + ":2:8: must be a list of rules");
                    assertThat(ended.status()).isEqualTo(1);
                });
    }

    /** The port of its own that proxies need is in the file itself. */
    @Test
    void policy_thatConfigYmlNames_isJudgedBesideThatFile() throws IOException {
        file("bundles/factory.pem", bundle);
        String policy = file(
                "policy.yml",
                POLICY.replace(
                        "rules:",
                        "proxies: {authority: factory, names: [\"spiffe://factory.example/proxy\"]}\nrules:"));
        String config = "authentication:\n  policy: " + policy + "\n";

        assertThat(validate(file("config.yml", config)).output()).contains("proxies");
        assertThat(validate(file(
                                "config.yml",
                                config + "  tls: {certificate: " + folder.resolve("bundles/factory.pem")
                                        + ", privateKey: key.pem}\n"))
                        .output())
                .doesNotContain("proxies");
    }

    @Test
    void file_besideAMountOfASimilarName_isNotTakenForOneOfIt() throws IOException {
        String elsewhere = DEPLOYMENT.replace("/etc/policy/policy.yml", "/etc/policy2/policy.yml");

        assertThat(validate(file("all.yaml", elsewhere)).output())
                .contains("/etc/policy2/policy.yml is in no ConfigMap or Secret among the files");
    }
}
