package dev.tokenservice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.google.FakeGoogle;
import dev.tokenservice.google.FakeGoogle.Call;
import dev.tokenservice.google.Fault;
import dev.tokenservice.testing.MarkdownPage;
import dev.tokenservice.testing.RunningJar;
import dev.tokenservice.testing.TestClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that lead an operator from a page to the cause, run while IAM is out. */
@Tag("scripts-and-pages")
class OutagePageIT {

    private static final MarkdownPage PAGE =
            MarkdownPage.read("docs/monitoring.md").section("From a page to the cause");

    @TempDir
    Path folder;

    @Test
    void commands_duringAnOutage_nameCheckAndCause() throws Exception {
        try (FakeGoogle google = FakeGoogle.start()) {
            google.fail(Call.SIGN_JWT, Fault.status(503, "UNAVAILABLE", "The service is currently unavailable."));
            Map<String, String> environment = google.cloudRun();
            environment.put("TOKEN_AUDIENCE", "https://api.example.com");
            try (RunningJar service =
                    RunningJar.start(folder, environment, google.certificates().jvmArguments(folder))) {
                assertThat(TestClient.tokenAsync(service.port(), "spiffe://example.com/widget/1", "")
                                .join()
                                .status())
                        .isEqualTo(503);

                assertThat(output(service, "8081/healthcheck")).contains("\"iam\" : {", "in a row failed", "HTTP 503");
                assertThat(output(service, "service.log | grep"))
                        .containsPattern(
                                "1  error=\"temporarily_unavailable\" reason_code=\"google_unavailable\" detail=\"signJwt.*HTTP 503");
                assertThat(output(service, "type=ready")).isEqualTo("{\"type\":\"ready\",\"status\":\"down\"}");
            }
        }
    }

    private String output(RunningJar service, String part) throws IOException, InterruptedException {
        String command = PAGE.blocks("sh").stream()
                .filter(block -> block.contains(part))
                .findFirst()
                .orElseThrow()
                .replace("127.0.0.1:8081", "127.0.0.1:" + service.adminPort())
                .replace("127.0.0.1:8080", "127.0.0.1:" + service.port());
        Process process = new ProcessBuilder("sh", "-c", command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
