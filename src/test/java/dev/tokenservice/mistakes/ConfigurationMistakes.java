package dev.tokenservice.mistakes;

import dev.tokenservice.testing.KeyForm;
import dev.tokenservice.testing.RunningJar;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestCertificates;
import dev.tokenservice.testing.TestDoctor;
import dev.tokenservice.testing.TestKeys;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.util.io.pem.PemObject;

/** Mistakes in the settings: most of them keep the service from starting. */
final class ConfigurationMistakes {

    private static final Map<String, String> PROVIDER = Map.of(
            "WORKLOAD_IDENITY_PROJECT_NUMBER", "123456789012",
            "WORKLOAD_IDENITY_POOL_ID", "widgets",
            "WORKLOAD_IDENITY_PROVIDER_ID", "token-service");

    private final Path folder;

    ConfigurationMistakes(Path folder) {
        this.folder = folder;
    }

    Stream<Mistake> all() {
        return Stream.of(
                        settings(),
                        flowsAndHeaders(),
                        files(),
                        warnings(),
                        Stream.of(
                                new Mistake("Unknown key in config.yml", this::unknownKey),
                                new Mistake("Port in use", this::portTaken),
                                new Mistake("Address of another machine", this::addressOfAnotherMachine),
                                new Mistake("No audience beyond this machine", this::noAudience)))
                .flatMap(mistakes -> mistakes);
    }

    private static Stream<Mistake> settings() {
        return Stream.of(
                refused(
                        "Project id in place of the project number",
                        with("WORKLOAD_IDENITY_PROJECT_NUMBER", "my-project")),
                refused("Incomplete provider", Map.of("WORKLOAD_IDENITY_POOL_ID", "widgets")),
                refused("Invalid pool id", with("WORKLOAD_IDENITY_POOL_ID", "Widgets_Pool")),
                refused("Token validity out of range", Map.of("TOKEN_VALIDITY", "1440")),
                refused("Issuer that is not an https URL", Map.of("TOKEN_ISSUER", "token-service.example.com")),
                refused("Two spellings with different values", with("WORKLOAD_IDENTITY_POOL_ID", "gadgets")),
                refused("Port that is not a number", Map.of("PORT", "http")),
                refused("Unknown log level", Map.of("LOG_LEVEL", "VERBOSE")));
    }

    private static Stream<Mistake> flowsAndHeaders() {
        return Stream.of(
                refused("Unknown flow", Map.of("AUTH_FLOWS", "xlb-mtls")),
                refused(
                        "Two flows that read headers",
                        Map.of("AUTH_FLOWS", "xlb-mtls-client-credentials,envoy-mtls-client-credentials")),
                refused("TLS flow without a certificate", Map.of("AUTH_FLOWS", "mtls-client-credentials")),
                refused(
                        "Invalid header of the client id",
                        Map.of("MTLS_HEADER_CLIENT_ID", "X-Client-Cert-Serial-Number")),
                refused(
                        "Two attributes in one header",
                        Map.of("MTLS_HEADER_CLIENT_CERT_SHA256_FINGERPRINT", "X-Client-Cert-SPIFFE")),
                refused("Trusted proxy that is not a network", Map.of("TRUSTED_PROXIES", "load-balancer.example.com")),
                refused("TRUSTED_PROXIES with any and a network", Map.of("TRUSTED_PROXIES", "10.0.0.0/8,any")),
                refused("Proxy secret in a certificate header", Map.of("PROXY_SECRET_HEADER", "X-Client-Cert-Hash")));
    }

    private Stream<Mistake> files() {
        return Stream.of(
                new Mistake("Folder of signing keys without a suitable key", () -> {
                    Path empty = Files.createDirectories(folder.resolve("no-keys"));
                    return Scene.refusedStart(Map.of("SIGNING_KEYS", empty.toString()));
                }),
                new Mistake("Encrypted signing key", () -> {
                    Path keys = Files.createDirectories(folder.resolve("keys"));
                    Files.writeString(
                            keys.resolve("1.pem"),
                            TestAuthority.pem(new PemObject("ENCRYPTED PRIVATE KEY", new byte[3])));
                    return Scene.refusedStart(Map.of("SIGNING_KEYS", keys.toString()));
                }),
                new Mistake("Uploaded keys that are not confirmed", this::notConfirmed),
                new Mistake(
                        "PIN in SIGNING_PKCS11",
                        () -> Scene.refusedStart(Map.of(
                                "SIGNING_PKCS11", "pkcs11:token=token-service?module-path=/p11.so&pin-value=1234"))),
                new Mistake("Missing PKCS#11 library", () -> {
                    Path pin = Files.writeString(folder.resolve("pin"), "1234");
                    return Scene.refusedStart(Map.of(
                            "SIGNING_PKCS11",
                            "pkcs11:token=token-service?module-path=" + folder.resolve("p11.so") + "&pin-source="
                                    + pin));
                }),
                new Mistake("Malformed list of denied certificates", () -> {
                    Path denied = Files.writeString(folder.resolve("denied"), "CN=widget-7\n");
                    return Scene.refusedStart(Map.of("DENIED_CERTIFICATES", denied.toString()));
                }));
    }

    private static Stream<Mistake> warnings() {
        return Stream.of(
                warned("Misspelt variable", Map.of("WORKLOAD_IDENITY_POOLID", "widgets")),
                warned("Issuer with a trailing slash", Map.of("TOKEN_ISSUER", "https://token-service.example.com/")),
                warned(
                        "Local key on Cloud Run",
                        Map.of("SIGNER", "local", "K_SERVICE", "token-service", "TOKEN_AUDIENCE", "api")),
                warned("No proof of the load balancer", Map.of("TOKEN_AUDIENCE", "api")),
                warned(
                        "No proof of the load balancer on Cloud Run",
                        Map.of("SIGNER", "local", "K_SERVICE", "token-service", "TOKEN_AUDIENCE", "api")),
                warned(
                        "Anyone trusted as the load balancer",
                        Map.of("TRUSTED_PROXIES", "any", "TOKEN_AUDIENCE", "api")));
    }

    private Symptoms notConfirmed() throws IOException {
        Path keys = Files.createDirectories(folder.resolve("uploaded"));
        Files.writeString(keys.resolve("1.pem"), KeyForm.EC_PKCS8.pem(TestKeys.ofJdkEc()));
        Path policy = Files.writeString(folder.resolve("uploaded.yml"), """
                version: 1
                relyingParties:
                  bank: {audience: https://bank.example.com, keys: uploaded}
                rules: allow-all
                """);
        return Scene.warnedStart(Map.of(
                "SIGNING_ALGORITHM",
                "ES256",
                "SIGNING_KEYS",
                keys.toString(),
                "POLICY",
                policy.toString(),
                "TOKEN_AUDIENCE",
                "https://bank.example.com"));
    }

    private Symptoms unknownKey() throws IOException {
        Path file = Files.writeString(folder.resolve("config.yml"), "token:\n  validty: 5\n");
        RunningJar.Ended ended = RunningJar.run(Map.of(), "check", file.toString());
        return new Symptoms(
                Optional.empty(),
                ended.output().lines().toList(),
                Optional.of(TestDoctor.runJar(Map.of(), List.of(), file.toString())));
    }

    private Symptoms portTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[4]))) {
            Map<String, String> variables = Map.of(
                    "PORT", Integer.toString(taken.getLocalPort()), "ADMIN_PORT", "0", "SIGNING_ALGORITHM", "ES256");
            return Scene.refusedProcess(variables, Scene.doctor(variables));
        }
    }

    private Symptoms addressOfAnotherMachine() throws IOException {
        Map<String, String> variables =
                Map.of("APPLICATION_HOST", "192.0.2.1", "PORT", "0", "ADMIN_PORT", "0", "SIGNING_ALGORITHM", "ES256");
        return Scene.refusedProcess(variables, Scene.doctor(variables));
    }

    private Symptoms noAudience() {
        try (TestService service = TestService.start(Map.of())) {
            Symptoms symptoms = Scene.asked(
                    service,
                    TestService.tokenRequest(TestLoadBalancer.verified(TestCertificates.authority("CA")
                                    .client()
                                    .uri("spiffe://example.com/widget/7")
                                    .issue()))
                            .with("Host", "token-service.example.com"));
            return new Symptoms(symptoms.answer(), symptoms.log(), Optional.of(Scene.doctor(Map.of())));
        }
    }

    private static Mistake refused(String title, Map<String, String> variables) {
        return new Mistake(title, () -> Scene.refusedStart(variables));
    }

    private static Mistake warned(String title, Map<String, String> variables) {
        return new Mistake(title, () -> Scene.warnedStart(variables));
    }

    /** The provider, with one variable set otherwise. */
    private static Map<String, String> with(String variable, String value) {
        Map<String, String> variables = new HashMap<>(PROVIDER);
        variables.put(variable, value);
        return variables;
    }
}
