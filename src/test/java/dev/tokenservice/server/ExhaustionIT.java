package dev.tokenservice.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.testing.Http;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.RunningJar;
import dev.tokenservice.testing.TestCertificates;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that has less memory than its bounds need ends; one that has as much as the image gives it serves everybody. */
@Tag("endurance")
class ExhaustionIT {

    private static final int CLIENTS = 2000;
    private static final String FORM = "Content-Type: application/x-www-form-urlencoded";

    /** What arrives is read, and parsed, before it is known that more of it has to be waited for. */
    private static final ByteBuffer BODY = ascii(
            Http.head("POST /token HTTP/1.1", "Host: localhost", FORM, "Content-Length: 65000") + "a".repeat(64_000));

    private static final ByteBuffer HEAD = ascii("GET /" + "a".repeat(8_000) + " HTTP/1.1\r\nHost: localhost\r\n"
            + IntStream.range(0, 31)
                    .mapToObj(i -> "X-" + i + ": " + "b".repeat(1000) + "\r\n")
                    .collect(Collectors.joining()));

    private static final Request GOOD =
            TestService.tokenRequest(TestLoadBalancer.verified(TestCertificates.authority("Test CA")
                    .client()
                    .uri("spiffe://example.org/robot")
                    .issue()));

    private final List<SocketChannel> clients = new ArrayList<>();

    @TempDir
    Path folder;

    @AfterEach
    void closeClients() throws IOException {
        for (SocketChannel client : clients) {
            client.close();
        }
    }

    @Test
    void heap_noneLeft_endsTheProcess() throws Exception {
        List<String> options = List.of("-Xmx28m", "-XX:+ExitOnOutOfMemoryError");
        try (RunningJar jar = RunningJar.start(folder, Map.of("SIGNING_ALGORITHM", "ES256"), options)) {
            sendUntilItEnds(jar.port());

            assertThat(jar.awaitEnd()).isEqualTo(3);
            assertThat(jar.log()).contains("Terminating due to java.lang.OutOfMemoryError: Java heap space");
        }
    }

    private void sendUntilItEnds(int port) {
        try {
            send(port, BODY);
        } catch (IOException e) {
            // It has ended already.
        }
    }

    /** More connections than there may be, each of which has sent as much as it may without the end of its request. */
    @Test
    void memory_ofTheImage_isEnoughForAllThatArrives() throws Exception {
        List<String> options = new ArrayList<>(Files.readAllLines(Path.of("ops/image/jvm.options")));
        options.removeIf(line -> !line.startsWith("-"));
        options.add("-XX:MaxRAM=512m");
        try (RunningJar jar = RunningJar.start(folder, Map.of("SIGNING_ALGORITHM", "ES256"), options)) {
            for (ByteBuffer beginning : List.of(HEAD, BODY, HEAD, BODY)) {
                send(jar.port(), beginning);
                for (int i = 0; i < 10; i++) {
                    assertThat(Http.send(jar.port(), GOOD).status()).isEqualTo(200);
                }
            }

            assertThat(jar.mostMemory()).isLessThan(512L * 1024 * 1024);
        }
    }

    private static ByteBuffer ascii(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    private void send(int port, ByteBuffer beginning) throws IOException {
        for (int i = 0; i < CLIENTS; i++) {
            SocketChannel client = SocketChannel.open();
            clients.add(client);
            client.setOption(StandardSocketOptions.SO_SNDBUF, beginning.remaining());
            client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            client.configureBlocking(false);
            client.write(beginning.duplicate());
        }
    }
}
