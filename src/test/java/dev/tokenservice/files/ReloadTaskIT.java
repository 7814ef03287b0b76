package dev.tokenservice.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.TestCertificates;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The task that reads the watched files again, as an operator's script meets it. */
class ReloadTaskIT {

    @TempDir
    Path folder;

    @Test
    void reload_goodAndBadVersions_areInForceOrRefusedWhenItAnswers() throws Exception {
        X509Certificate certificate = TestCertificates.authority("Test CA")
                .client()
                .uri("spiffe://example.org/robot")
                .issue();
        Headers headers = TestLoadBalancer.verified(certificate);
        Path list = Files.writeString(folder.resolve("denied"), "# nobody\n");
        try (TestService service = TestService.start(Map.of("DENIED_CERTIFICATES", list.toString()))) {
            assertAnswer(reload(service), 200, "unchanged: DENIED_CERTIFICATES");

            Files.writeString(list, TestLoadBalancer.hash(certificate) + " # stolen\n");
            assertAnswer(reload(service), 200, "reloaded: DENIED_CERTIFICATES");
            assertThat(service.token(headers).status()).isEqualTo(401);

            Files.writeString(list, "no list at all\n");
            Response refused = reload(service);
            assertAnswer(refused, 500, "refused: DENIED_CERTIFICATES: " + list);
            assertThat(refused.body())
                    .contains("the previous version stays in force")
                    .doesNotContain("dev.tokenservice");
            assertThat(service.token(headers).status()).isEqualTo(401);
            assertThat(service.sendToAdmin(Request.get("/prometheus")).body())
                    .contains("token_service_watched_files_refused 1.0");
        }
    }

    @Test
    void reload_nothingToWatch_saysSo() {
        assertAnswer(reload(TestService.shared()), 200, "the service watches no files");
    }

    @Test
    void reload_onTheApplicationPort_isNotThere() {
        assertThat(TestService.shared()
                        .send(Request.of("POST", "/tasks/reload"))
                        .status())
                .isEqualTo(404);
    }

    private static Response reload(TestService service) {
        return service.sendToAdmin(Request.of("POST", "/tasks/reload"));
    }

    private static void assertAnswer(Response answer, int status, String firstLine) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.header("content-type")).startsWith("text/plain");
        assertThat(answer.body()).startsWith(firstLine);
    }
}
