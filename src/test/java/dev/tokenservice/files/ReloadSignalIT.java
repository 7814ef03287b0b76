package dev.tokenservice.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.testing.Http;
import dev.tokenservice.testing.Programs;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.RunningJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGHUP, as systemd and others send it to have files read again, and as a terminal sends it when it is closed. */
class ReloadSignalIT {

    /** 128 and the number of SIGHUP. */
    private static final int HUNG_UP = 129;

    /** The set of ignored signals in /proc/self/status: a bit each, the lowest for signal 1, which is SIGHUP. */
    private static final Pattern IGNORES_HANG_UP = Pattern.compile("(?m)^SigIgn:\\s+[0-9a-f]+[13579bdf]$");

    @TempDir
    Path folder;

    /** As under nohup: what ignores the signal passes that on to every process that it starts. */
    @BeforeEach
    void skipWhereIgnored() throws IOException {
        Path status = Path.of("/proc/self/status");
        boolean ignored = Files.exists(status)
                && IGNORES_HANG_UP.matcher(Files.readString(status)).find();
        Programs.require(!ignored, "whatever runs the tests ignores SIGHUP");
    }

    @Test
    void hangUp_ofService_readsFilesAgain() throws Exception {
        Path list = Files.writeString(folder.resolve("denied"), "# nobody\n");
        try (RunningJar service = RunningJar.start(
                folder, Map.of("DENIED_CERTIFICATES", list.toString(), "SIGNING_ALGORITHM", "ES256"), List.of())) {
            service.hangUp();
            service.awaitLine("SIGHUP: unchanged: DENIED_CERTIFICATES");

            Files.writeString(list, "no list at all\n");
            service.hangUp();
            service.awaitLine("SIGHUP: refused: DENIED_CERTIFICATES: " + list);

            assertThat(service.log()).contains("the previous version stays in force");
            assertThat(Http.send(service.port(), Request.get("/health-check?type=ready"))
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void hangUp_ofServiceOnTerminal_endsIt() throws Exception {
        Programs.require("script");
        try (RunningJar service = RunningJar.startOnTerminal(folder, Map.of("SIGNING_ALGORITHM", "ES256"))) {
            service.hangUp();

            assertThat(service.awaitEnd()).isEqualTo(HUNG_UP);
            assertThat(service.log()).doesNotContain("SIGHUP");
        }
    }
}
