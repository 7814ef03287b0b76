package dev.tokenservice.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.TokenServiceConfiguration;
import dev.tokenservice.testing.Command;
import dev.tokenservice.testing.Programs;
import dev.tokenservice.testing.TestJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The unit of {@code ops/systemd} against systemd and the service. */
class SystemdTest {

    private static final Path UNIT = Path.of("ops/systemd/token-service.service");

    @TempDir
    Path folder;

    @Test
    void variables_areKnownToTheService() {
        assertThat(TokenServiceConfiguration.model().variables())
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
                        "ExecReload=/bin/kill -HUP $MAINPID",
                        // What java ends with when it is asked to stop.
                        "SuccessExitStatus=143")
                .doesNotContain("MemoryDenyWriteExecute=yes", "User=root");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"token-service.service", "token-service-rotate-keys.service", "token-service-rotate-keys.timer"})
    void unit_isUnderstoodBySystemd(String name) throws Exception {
        Path analyze = Programs.require("systemd-analyze");
        String java = TestJvm.JAVA;
        for (String unit : List.of("token-service-rotate-keys.service", name)) {
            Files.writeString(
                    folder.resolve(unit),
                    Files.readString(UNIT.resolveSibling(unit)).replace("/usr/bin/java", java));
        }

        Command verified = Command.run(
                Path.of("."),
                Map.of(),
                List.of(
                        analyze.toString(),
                        "verify",
                        "--man=no",
                        folder.resolve(name).toString()));

        assertThat(verified.status()).as(verified.complaint()).isZero();
        assertThat(verified.complaint()).doesNotContain(name + ":");
    }

    @Test
    void rotation_writesTheFolderOfTheKeysAndNothingElse() throws IOException {
        assertThat(Files.readAllLines(UNIT.resolveSibling("token-service-rotate-keys.service")))
                .contains("User=token-service", "ProtectSystem=strict", "NoNewPrivileges=yes", "CapabilityBoundingSet=")
                .contains("ReadWritePaths="
                        + EnvironmentFile.read("ops/systemd/token-service.env").get("SIGNING_KEYS"));
    }
}
