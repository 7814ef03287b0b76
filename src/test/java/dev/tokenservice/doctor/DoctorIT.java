package dev.tokenservice.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.google.FakeGoogle;
import dev.tokenservice.google.FakeGoogle.Call;
import dev.tokenservice.google.Fault;
import dev.tokenservice.testing.RunningJar;
import dev.tokenservice.testing.TestDoctor;
import dev.tokenservice.testing.TestDoctor.Diagnosis;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar's {@code doctor} beside a running service, on a Cloud Run of the test's own. */
class DoctorIT {

    private static final String PROVIDER =
            "//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/widgets/providers/token-service";

    @TempDir
    static Path folder;

    private static FakeGoogle google;
    private static RunningJar service;
    private static List<String> jvmArguments;
    private static String issuer;

    @BeforeAll
    static void start() {
        google = FakeGoogle.start();
        jvmArguments = google.certificates().jvmArguments(folder);
        service = RunningJar.start(folder, environment(), jvmArguments);
        issuer = "http://localhost:" + service.port();
        google.sts().addProvider(PROVIDER, issuer);
    }

    @AfterEach
    void heal() {
        google.heal();
    }

    @AfterAll
    static void stop() {
        service.close();
        google.close();
    }

    @Test
    void doctor_everythingRight_findsNothingToMendButTheTestsOwnIssuer() {
        Diagnosis diagnosis = diagnose(Map.of());

        assertThat(diagnosis.report().path("worst").asText())
                .as(diagnosis.report().toPrettyString())
                .isEqualTo("WARN");
        assertThat(diagnosis.status()).isZero();
        for (String check :
                List.of("configuration", "clock", "credentials", "signing", "discovery", "jwks", "token-exchange")) {
            assertThat(diagnosis.the(check).result()).as(check).isEqualTo("OK");
        }
        assertThat(diagnosis.the("credentials").evidence())
                .contains("metadata server")
                .contains(FakeGoogle.SERVICE_ACCOUNT);
        assertThat(diagnosis.the("issuer").remedy()).startsWith("TOKEN_ISSUER=https://");
        assertThat(diagnosis.report().toString()).doesNotContain("ya29.").doesNotContain("eyJ");
    }

    @Test
    void doctor_tokenCreatorMissing_namesTheCommandThatGrantsIt() {
        google.fail(
                Call.SIGN_JWT,
                Fault.status(403, "PERMISSION_DENIED", "Permission 'iam.serviceAccounts.signJwt' denied"));

        Diagnosis diagnosis = diagnose(Map.of());

        assertThat(diagnosis.status()).isEqualTo(2);
        assertThat(diagnosis.the("signing").result()).isEqualTo("FAIL");
        assertThat(diagnosis.the("signing").remedy())
                .contains("gcloud iam service-accounts add-iam-policy-binding " + FakeGoogle.SERVICE_ACCOUNT)
                .contains("roles/iam.serviceAccountTokenCreator");
        assertThat(diagnosis.the("discovery").result()).isEqualTo("OK");
        assertThat(diagnosis.the("token-exchange").result()).isEqualTo("SKIPPED");
    }

    @Test
    void doctor_poolMisspelt_namesTheSettingsAndTheCommandThatShowsTheProvider() {
        Diagnosis diagnosis = diagnose(Map.of("WORKLOAD_IDENITY_POOL_ID", "wigdets"));

        assertThat(diagnosis.the("token-exchange").result()).isEqualTo("FAIL");
        assertThat(diagnosis.the("token-exchange").evidence()).contains("invalid_target");
        assertThat(diagnosis.the("token-exchange").remedy())
                .contains("WORKLOAD_IDENTITY_PROJECT_NUMBER")
                .contains("providers describe projects/123456789012/locations/global/workloadIdentityPools/wigdets");
    }

    private static Diagnosis diagnose(Map<String, String> more) {
        Map<String, String> variables = environment();
        variables.put("TOKEN_ISSUER", issuer);
        variables.putAll(more);
        return TestDoctor.runJar(variables, jvmArguments);
    }

    private static Map<String, String> environment() {
        Map<String, String> environment = google.cloudRun();
        environment.putAll(FakeGoogle.WORKLOAD_IDENTITY);
        environment.put("PROXY_SECRET", "an-open-secret");
        return environment;
    }
}
