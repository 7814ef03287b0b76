package dev.tokenservice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.testing.Answer;
import dev.tokenservice.testing.RunningJar;
import dev.tokenservice.testing.TestClient;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dropwizard's settings of logs and metrics, on the running jar. Whatever they say, the audit is on standard output. */
class LoggingSettingsIT {

    private static final Map<String, String> VARIABLES =
            Map.of("SIGNER", "local", "SIGNING_ALGORITHM", "ES256", "TOKEN_AUDIENCE", "https://api.example.com");

    @TempDir
    Path folder;

    private RunningJar start(String yaml) throws IOException {
        return RunningJar.startWithFile(
                folder,
                VARIABLES,
                Files.writeString(folder.resolve("settings.yml"), yaml.replace("FOLDER", folder + "")));
    }

    private static String token(RunningJar service) {
        Answer answer = TestClient.tokenAsync(service.port(), "spiffe://example.org/robot", "")
                .join();
        assertThat(answer.status()).isEqualTo(200);
        return answer.header("x-request-id");
    }

    private String await(String file, String text) throws Exception {
        Path path = folder.resolve(file);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!(Files.exists(path) && Files.readString(path).contains(text)) && System.nanoTime() < end) {
            Thread.sleep(20);
        }
        return Files.readString(path);
    }

    @Test
    void appenders_getTheDiagnosticsAndTheAccessLogButNotTheAudit() throws Exception {
        try (DatagramSocket syslog = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                RunningJar service = start("""
                        server:
                          requestLog: {type: file, currentLogFilename: FOLDER/access.log, archive: false}
                        logging:
                          loggers: {dev.tokenservice.TokenServiceApplication: ERROR}
                          appenders:
                            - {type: console, threshold: info}
                            - {type: file, threshold: WARN, currentLogFilename: FOLDER/warn.log, archive: false}
                            - {type: syslog, host: 127.0.0.1, port: SYSLOG, facility: local1}
                        metrics: {frequency: 1s, reporters: [{type: csv, file: FOLDER}]}
                        """.replace("SYSLOG", Integer.toString(syslog.getLocalPort())))) {
            String id = token(service);

            assertThat(await("access.log", id)).contains("INFO request: request method=\"POST\" path=\"/token\"");
            service.awaitLine(id);
            assertThat(service.log())
                    .contains("audit: token issued", id)
                    .doesNotContain("INFO request:", "SIGNING_KEYS is not set");
            assertThat(folder.resolve("warn.log")).content().doesNotContain("token issued", " INFO ");
            await("jvm.threads.count.csv", "t,value");
            assertIsInTheLayoutOfTheService(syslog);
        }
    }

    private static void assertIsInTheLayoutOfTheService(DatagramSocket syslog) throws IOException {
        syslog.setSoTimeout(20_000);
        DatagramPacket packet = new DatagramPacket(new byte[8192], 8192);
        syslog.receive(packet);
        assertThat(new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8))
                .matches("<14[0-9]>[A-Z][a-z]{2} .* (INFO|WARN) dev\\.tokenservice\\..*");
    }

    @Test
    void appenders_none_andRequestLogOff_leaveTheAudit() throws Exception {
        try (RunningJar service = start("server: {requestLog: off}")) {
            String id = token(service);
            service.awaitLine(id);

            assertThat(service.log()).contains("audit: token issued").doesNotContain("INFO request:");
        }
    }
}
