package dev.tokenservice.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.telemetry.ServiceMetrics;
import dev.tokenservice.testing.TestTicker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who has to go where a port has too many connections, or too much is held by requests that are still arriving. */
class OpenConnectionsTest {

    private final TestTicker ticker = new TestTicker();
    private final ServiceMetrics metrics = new ServiceMetrics();
    private final OpenConnections connections =
            new OpenConnections("test", new OpenConnections.Limits(3, 1000), metrics.connections("test"), ticker);
    private final Queue<ClientEndPoint> all = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        all.forEach(ClientEndPoint::close);
    }

    @SuppressWarnings("NullAway") // No selector is needed to open and to close.
    private ClientEndPoint open() {
        try {
            ClientEndPoint connection = new ClientEndPoint(SocketChannel.open(), null, null, null, connections, 0);
            all.add(connection);
            connections.opened(connection);
            return connection;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private double closed(String reason) {
        return metrics.counts()
                .getOrDefault(
                        "token_service_http_connections_closed_total{port=test,reason=" + reason + "}", Double.NaN);
    }

    @Test
    void opened_upToTheLimit_closesNobody() {
        open();
        open();
        open();

        assertThat(all).allMatch(ClientEndPoint::isOpen);
        assertThat(connections.open()).isEqualTo(3);
    }

    @Test
    void opened_beyondTheLimit_closesTheOneLongestWithoutARequest() {
        ClientEndPoint first = open();
        ClientEndPoint second = open();
        open();
        connections.complete(first);
        connections.answered(first);

        open();

        assertThat(second.isOpen()).isFalse();
        assertThat(second.closeReason()).contains("too_many");
        assertThat(all).filteredOn(ClientEndPoint::isOpen).hasSize(3).contains(first);
        assertThat(connections.open()).isEqualTo(3);
        assertThat(closed("too_many")).isEqualTo(1);
    }

    @Test
    void opened_allOthersAreAnswered_closesTheNewOne() {
        List.of(open(), open(), open()).forEach(connections::complete);

        assertThat(open().isOpen()).isFalse();
        assertThat(all).filteredOn(ClientEndPoint::isOpen).hasSize(3);
    }

    @Test
    void isCrowded_theOldestIsYoung_untilItHasHadTime() {
        ClientEndPoint first = open();
        open();
        assertThat(connections.isCrowded()).isFalse();

        open();
        assertThat(connections.isCrowded()).isTrue();

        ticker.advance(Duration.ofMillis(250));
        assertThat(connections.isCrowded()).isFalse();

        open();
        assertThat(first.isOpen()).isFalse();
        assertThat(connections.isCrowded()).as("the second is as old").isFalse();
    }

    @Test
    void isCrowded_allAreAnswered_doesNotWaitForThem() {
        List.of(open(), open(), open()).forEach(connections::complete);

        assertThat(connections.isCrowded()).isFalse();
    }

    @Test
    void manyThreads_eachWithConnectionsOfItsOwn_loseNoCount() {
        IntStream.range(0, 5_000).parallel().forEach(i -> {
            ClientEndPoint connection = open();
            connections.hold(connection, 100 + i % 500);
            connections.hold(connection, 600);
            connections.complete(connection);
            connections.answered(connection);
            connections.hold(connection, 50);
            if (i % 2 == 0) {
                connections.closed(connection);
            }
        });

        assertThat(connections.open()).isBetween(0, 3);
        assertThat(connections.held()).isBetween(0L, 1000L);
        all.forEach(connections::closed);
        assertThat(connections.open()).isZero();
        assertThat(connections.held()).isZero();
    }

    @Test
    void closed_twice_isCountedOnce() {
        ClientEndPoint connection = open();
        open();

        connections.closed(connection);
        connections.closed(connection);

        assertThat(connections.open()).isEqualTo(1);
    }

    @Test
    void hold_beyondTheLimit_closesTheOneThatHasHeldLongest() {
        ClientEndPoint idle = open();
        ClientEndPoint first = open();
        ClientEndPoint second = open();
        connections.hold(first, 300);
        connections.hold(second, 300);
        connections.hold(first, 400);

        assertThat(connections.hold(second, 700)).isTrue();
        assertThat(first.isOpen()).isFalse();
        assertThat(idle.isOpen()).isTrue();
        assertThat(second.isOpen()).isTrue();
        assertThat(connections.held()).isEqualTo(700);
        assertThat(closed("too_much_held")).isEqualTo(1);
    }

    @Test
    void hold_othersAreAnswered_isRefused() {
        ClientEndPoint answered = open();
        ClientEndPoint late = open();
        connections.hold(answered, 900);
        connections.complete(answered);

        assertThat(connections.hold(late, 200)).isFalse();
        assertThat(answered.isOpen()).isTrue();
        assertThat(connections.held()).isEqualTo(900);
    }

    @Test
    void hold_refusedAndAskedAgain_isHeldOnce() {
        ClientEndPoint answered = open();
        ClientEndPoint late = open();
        connections.hold(answered, 900);
        connections.complete(answered);
        connections.hold(late, 200);

        connections.answered(answered);

        assertThat(connections.hold(late, 200)).isTrue();
        assertThat(connections.held()).isEqualTo(200);
        connections.closed(late);
        assertThat(connections.held()).isZero();
    }

    @Test
    void held_answeredOrClosed_isGivenBack() {
        ClientEndPoint answered = open();
        ClientEndPoint closed = open();
        connections.hold(answered, 200);
        connections.hold(closed, 300);
        connections.complete(answered);

        connections.answered(answered);
        connections.closed(closed);

        assertThat(connections.held()).isZero();
        assertThat(connections.hold(closed, 100)).isFalse();
    }

    @Test
    void closeOldest_nobodyWaits_closesNobody() {
        ClientEndPoint answered = open();
        connections.complete(answered);
        connections.closeOldest();
        assertThat(answered.isOpen()).isTrue();

        ClientEndPoint idle = open();
        connections.closeOldest();
        assertThat(idle.isOpen()).isFalse();
    }
}
