package dev.tokenservice.mistakes;

import dev.tokenservice.google.FakeGoogle.Call;
import dev.tokenservice.google.FakeSts;
import dev.tokenservice.google.Fault;
import dev.tokenservice.google.TestTls;
import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.TestAuthority.Identity;
import dev.tokenservice.testing.TestCertificates;
import dev.tokenservice.testing.TestDoctor;
import dev.tokenservice.testing.TestFront;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestService;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Mistakes in the project: roles, APIs, pool and provider. The service runs, and Google refuses it or its clients. */
final class GoogleMistakes {

    private static final String CLOUD_PLATFORM = "https://www.googleapis.com/auth/cloud-platform";
    private static final String READER = "reader@project.iam.gserviceaccount.com";
    private static final String CLIENT = "spiffe://example.com/widget/7";
    private static final TestCertificates AUTHORITY = TestCertificates.authority("Widgets CA");

    private final TestGoogleCloud cloud;
    private final Path folder;

    GoogleMistakes(TestGoogleCloud cloud, Path folder) {
        this.cloud = cloud;
        this.folder = folder;
    }

    Stream<Mistake> all() {
        return Stream.of(signing(), provider(), impersonation(), discovery(), others())
                .flatMap(mistakes -> mistakes);
    }

    private Stream<Mistake> signing() {
        return Stream.of(
                fault(
                        "TokenCreator missing",
                        Call.SIGN_JWT,
                        Fault.refusal(
                                403,
                                "PERMISSION_DENIED",
                                "IAM_PERMISSION_DENIED",
                                "Permission 'iam.serviceAccounts.signJwt' denied on resource (or it may not exist).")),
                fault(
                        "IAM Credentials API off",
                        Call.SIGN_JWT,
                        Fault.refusal(
                                403,
                                "PERMISSION_DENIED",
                                "SERVICE_DISABLED",
                                "IAM Service Account Credentials API has not been used in project 123456789012 before or it"
                                        + " is disabled.")),
                fault(
                        "Service account deleted",
                        Call.SIGN_JWT,
                        Fault.status(404, "NOT_FOUND", "Not found; Gaia id not found for email token-service")));
    }

    private Stream<Mistake> provider() {
        return Stream.of(
                new Mistake("Pool or provider misspelt", () -> {
                    Map<String, String> variables = cloud.variables(Map.of("WORKLOAD_IDENITY_POOL_ID", "wigdets"));
                    return startedAndAsked(variables, "scope", CLOUD_PLATFORM);
                }),
                registered("Issuer registered with another slash", FakeSts.Provider.of(cloud.issuer() + "/")),
                registered(
                        "Audience of the provider differs",
                        FakeSts.Provider.of(cloud.issuer()).accepting(cloud.issuer())),
                registered(
                        "Attribute mapping without google.subject",
                        FakeSts.Provider.of(cloud.issuer()).mapping("email")),
                new Mistake("Attribute condition excludes the client", () -> {
                    cloud.google()
                            .sts()
                            .addProvider(
                                    TestGoogleCloud.PROVIDER,
                                    FakeSts.Provider.of(cloud.issuer()).admitting("robots/.*"));
                    return asked("scope", CLOUD_PLATFORM);
                }),
                fault(
                        "Security Token Service API off",
                        Call.STS,
                        Fault.refusal(
                                403,
                                "PERMISSION_DENIED",
                                "SERVICE_DISABLED",
                                "Security Token Service API has not been used in project 123456789012 before or it is"
                                        + " disabled.")),
                fault(
                        "Quota of STS used up",
                        Call.STS,
                        Fault.oauth(
                                429,
                                "quota_exceeded",
                                "The request was throttled due to rate limit: sts.googleapis.com/requests. Please retry after"
                                        + " a few seconds.")));
    }

    private Stream<Mistake> impersonation() {
        return Stream.of(
                new Mistake("Scope misspelt", () -> asked("scope", "cloud-platform")),
                new Mistake(
                        "Impersonation not granted", () -> asked("scope", CLOUD_PLATFORM, "service_account", READER)),
                new Mistake("Impersonation longer than an hour", () -> {
                    cloud.google().iam().grantImpersonation(READER, CLIENT);
                    try (TestService patient =
                            TestService.start(cloud.variables(Map.of("ACCESS_TOKEN_VALIDITY", "120")))) {
                        return Scene.asked(
                                patient,
                                TestService.tokenRequest(
                                        headers(CLIENT), "scope", CLOUD_PLATFORM, "service_account", READER));
                    }
                }));
    }

    private Stream<Mistake> discovery() {
        return Stream.of(
                new Mistake("Client validation mode REJECT_INVALID", this::rejectInvalid),
                new Mistake("Key not published yet", () -> {
                    cloud.google().iam().rotateKey();
                    cloud.google().iam().withholdKey();
                    return withDoctor(asked("scope", CLOUD_PLATFORM));
                }),
                new Mistake("Replicas with different keys", this::differentKeys));
    }

    private Stream<Mistake> others() {
        return Stream.of(
                new Mistake("Wrong clock", () -> {
                    cloud.service().clock().ahead(Duration.ofMinutes(10));
                    return Scene.withDoctor(
                            asked("scope", CLOUD_PLATFORM),
                            cloud.variables(Map.of()),
                            cloud.service().clock());
                }),
                new Mistake(
                        "No outbound access to Google",
                        () -> startedAndAsked(
                                cloud.variables(Map.of("STS_URL", "http://localhost:1")), "scope", CLOUD_PLATFORM)),
                new Mistake(
                        "Subject over 127 bytes",
                        () -> Scene.asked(
                                cloud.service(),
                                TestService.tokenRequest(headers("spiffe://example.com/" + "w".repeat(120))))));
    }

    private Mistake fault(String title, Call call, Fault fault) {
        return new Mistake(title, () -> {
            cloud.google().fail(call, fault);
            return withDoctor(asked("scope", CLOUD_PLATFORM));
        });
    }

    private Mistake registered(String title, FakeSts.Provider provider) {
        return new Mistake(title, () -> {
            cloud.google().sts().addProvider(TestGoogleCloud.PROVIDER, provider);
            return withDoctor(asked("scope", CLOUD_PLATFORM));
        });
    }

    /** STS, which has no client certificate, is not let in to read the discovery document, nor is doctor. */
    private Symptoms rejectInvalid() throws Exception {
        TestTls.Issued server = cloud.google().certificates().server("localhost");
        try (TestFront balancer = TestFront.start(new Identity(server.key(), List.of(server.certificate())))) {
            balancer.requireCertificate(true);
            cloud.google().sts().resolve(cloud.issuer(), URI.create(balancer.url()));
            Symptoms symptoms = asked("scope", CLOUD_PLATFORM);
            List<String> trust = cloud.google().certificates().jvmArguments(folder);
            return new Symptoms(
                    symptoms.answer(),
                    symptoms.log(),
                    Optional.of(TestDoctor.runJar(cloud.variables(Map.of("TOKEN_ISSUER", balancer.url())), trust)));
        }
    }

    private Symptoms differentKeys() throws Exception {
        Map<String, String> local = cloud.variables(
                Map.of("SIGNER", "local", "SIGNING_KEYS", keys("one").toString()));
        local.remove("TOKEN_ISSUER");
        try (TestService other = TestService.start(local)) {
            String issuer = "http://localhost:" + other.port();
            cloud.google().sts().addProvider(TestGoogleCloud.PROVIDER, issuer);
            return startedAndAsked(
                    cloud.variables(Map.of(
                            "SIGNER", "local", "SIGNING_KEYS", keys("two").toString(), "TOKEN_ISSUER", issuer)),
                    "scope",
                    CLOUD_PLATFORM);
        }
    }

    private Path keys(String name) throws Exception {
        Path keys = Files.createDirectories(folder.resolve(name));
        Path key = Files.writeString(keys.resolve("1.pem"), TestGoogleCloud.pem());
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        return keys;
    }

    private Symptoms asked(String... parameters) {
        return Scene.asked(cloud.service(), TestService.tokenRequest(headers(CLIENT), parameters));
    }

    private Symptoms withDoctor(Symptoms symptoms) {
        return Scene.withDoctor(
                symptoms, cloud.variables(Map.of()), cloud.service().clock());
    }

    private static Symptoms startedAndAsked(Map<String, String> variables, String... parameters) {
        try (TestService service = TestService.start(variables)) {
            Symptoms symptoms = Scene.asked(service, TestService.tokenRequest(headers(CLIENT), parameters));
            return Scene.withDoctor(symptoms, variables, service.clock());
        }
    }

    private static Headers headers(String client) {
        return TestLoadBalancer.verified(AUTHORITY.client().uri(client).issue())
                .and("X-Token-Service-Proxy", TestGoogleCloud.SECRET);
    }
}
