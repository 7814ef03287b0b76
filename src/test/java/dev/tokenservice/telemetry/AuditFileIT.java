package dev.tokenservice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tokenservice.TestCommandLine;
import dev.tokenservice.testing.Answer;
import dev.tokenservice.testing.RunningJar;
import dev.tokenservice.testing.TestClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code AUDIT_FILE} of the running jar. */
class AuditFileIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private Map<String, String> variables(Path file) {
        return Map.of("AUDIT_FILE", file.toString(), "SIGNER", "local", "SIGNING_ALGORITHM", "ES256");
    }

    @Test
    void lines_areInTheFileAndOnStandardOutput() throws Exception {
        Path file = folder.resolve("audit.log");
        String id;
        String refusedId;
        try (RunningJar service = RunningJar.start(folder, variables(file), List.of())) {
            id = token(service, "").header("x-request-id");
            refusedId = token(service, "audience=x").header("x-request-id");
            service.stop();
            service.awaitEnd();
        }

        List<JsonNode> lines = lines(file);
        assertThat(lines).extracting(line -> line.path("request_id").asText()).containsExactly(id, refusedId);
        assertThat(lines)
                .allSatisfy(line -> assertThat(line.path("logger").asText()).isEqualTo("audit"));
        assertThat(lines.get(0).path("decision").asText()).isEqualTo("issued");
        assertThat(lines.get(1).path("reason_code").asText()).isEqualTo("unknown_target");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(folder.resolve("service.log"))).contains(id, refusedId);
    }

    @Test
    void start_withAFileThatCannotBeWritten_isRefused() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("audit.log"), folder.resolve("target"));

        TestCommandLine ended = TestCommandLine.run(variables(link), "server", "config.yml");

        assertThat(ended.status()).isOne();
        assertThat(ended.errors())
                .contains("logging.auditFile (AUDIT_FILE): '" + link + "' is a symbolic link, which is not followed");
        assertThat(folder.resolve("target")).doesNotExist();
    }

    private static Answer token(RunningJar service, String parameters) {
        return TestClient.tokenAsync(service.port(), "spiffe://example.org/robot", parameters)
                .join();
    }

    private static List<JsonNode> lines(Path file) throws IOException {
        return Files.readAllLines(file).stream().map(AuditFileIT::json).toList();
    }

    private static JsonNode json(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new IllegalStateException(line, e);
        }
    }
}
