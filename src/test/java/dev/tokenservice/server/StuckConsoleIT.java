package dev.tokenservice.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.testing.Http;
import dev.tokenservice.testing.RunningJar;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every thread of a process waits for a console that takes no more lines: it ends, although it cannot even say so, and its
 * platform restarts it with another console.
 */
@Tag("endurance")
class StuckConsoleIT {

    /** Each of them has a line in the log. */
    private static final ByteBuffer REQUESTS = ByteBuffer.wrap(
            Http.head("GET /nothing HTTP/1.1", "Host: localhost").repeat(20).getBytes(StandardCharsets.US_ASCII));

    /** As many as there are threads are left when the queue and the pipe have taken all lines of some 250 of them. */
    private static final int CLIENTS = 1000;

    @TempDir
    Path folder;

    @Test
    void threads_allWaitForTheConsole_endTheProcessAfterAMinute() throws Exception {
        List<SocketChannel> clients = new ArrayList<>();
        try (RunningJar jar = RunningJar.startOnFullConsole(folder, Map.of("SIGNING_ALGORITHM", "ES256"))) {
            for (int i = 0; i < CLIENTS; i++) {
                SocketChannel client =
                        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), jar.port()));
                clients.add(client);
                client.write(REQUESTS.duplicate());
            }
            Instant stuck = Instant.now();

            assertThat(jar.awaitEnd(Duration.ofSeconds(100))).isEqualTo(3);
            assertThat(Duration.between(stuck, Instant.now())).isGreaterThan(Duration.ofSeconds(50));
        } finally {
            for (SocketChannel client : clients) {
                client.close();
            }
        }
    }
}
