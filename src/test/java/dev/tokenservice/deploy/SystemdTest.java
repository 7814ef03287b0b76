package dev.tokenservice.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.configuration.Variables;
import dev.tokenservice.testing.Command;
import dev.tokenservice.testing.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The unit of {@code ops/systemd} against systemd and the service. */
class SystemdTest {

    private static final Path UNIT = Path.of("ops/systemd/token-service.service");

    @TempDir
    Path folder;

    @Test
    void variables_areKnownToTheService() {
        assertThat(Variables.ALL.stream().flatMap(variable -> variable.names().stream()))
                .containsAll(
                        EnvironmentFile.read("ops/systemd/token-service.env").keySet());
    }

    @Test
    void unit_isHardenedAndKeepsWhatTheServiceNeeds() throws IOException {
        assertThat(Files.readAllLines(UNIT))
                .contains(
                        "NoNewPrivileges=yes",
                        "ProtectSystem=strict",
                        "CapabilityBoundingSet=",
                        "SystemCallFilter=@system-service",
                        // The folder in which native code is unpacked.
                        "PrivateTmp=yes",
                        // What java ends with when it is asked to stop.
                        "SuccessExitStatus=143")
                .doesNotContain("MemoryDenyWriteExecute=yes", "User=root");
    }

    @Test
    void unit_isUnderstoodBySystemd() throws Exception {
        Path analyze = Programs.require("systemd-analyze");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Path unit = Files.writeString(
                folder.resolve("token-service.service"), Files.readString(UNIT).replace("/usr/bin/java", java));

        Command verified =
                Command.run(Path.of("."), Map.of(), List.of(analyze.toString(), "verify", "--man=no", unit.toString()));

        assertThat(verified.status()).as(verified.complaint()).isZero();
        assertThat(verified.complaint()).doesNotContain("token-service.service:");
    }
}
