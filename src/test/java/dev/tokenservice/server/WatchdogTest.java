package dev.tokenservice.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.testing.Http;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.jupiter.api.Test;

/** A server whose threads are all stuck ends its process; one that is busy, or stops, does not. */
class WatchdogTest {

    private static final byte[] REQUEST =
            Http.head("GET / HTTP/1.1", "Host: localhost").getBytes(StandardCharsets.US_ASCII);

    private final List<String> ends = new ArrayList<>();

    @Test
    void look_threadsRunTasks_goesOnForEver() {
        Watchdog watchdog = new Watchdog(Runnable::run, ends::add);

        look(watchdog, 10 * Watchdog.MAX_LOOKS);

        assertThat(ends).isEmpty();
    }

    @Test
    void look_threadsAreBusyForAWhile_goesOn() {
        Deque<Runnable> queue = new ArrayDeque<>();
        Watchdog watchdog = new Watchdog(queue::add, ends::add);

        look(watchdog, Watchdog.MAX_LOOKS);
        queue.remove().run();
        look(watchdog, Watchdog.MAX_LOOKS);

        assertThat(queue).hasSize(1);
        assertThat(ends).isEmpty();
    }

    @Test
    void look_threadsAreStuck_endsTheProcessOnce() {
        Watchdog watchdog = new Watchdog(task -> {}, ends::add);

        look(watchdog, 2 * Watchdog.MAX_LOOKS);

        assertThat(ends).hasSize(1);
    }

    @Test
    void look_requestsHoldEveryThread_endsTheProcess() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        QueuedThreadPool threads = new QueuedThreadPool(8, 8);
        Server server = new Server(threads);
        ServerConnector connector = new ServerConnector(server, 1, 1);
        server.addConnector(connector);
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws InterruptedException {
                end.await();
                callback.succeeded();
                return true;
            }
        });
        server.start();
        Watchdog watchdog = new Watchdog(threads, ends::add);
        List<Socket> clients = new ArrayList<>();
        try {
            while (threads.getQueueSize() == 0) {
                Socket client = Http.open(connector.getLocalPort());
                clients.add(client);
                client.getOutputStream().write(REQUEST);
                TimeUnit.MILLISECONDS.sleep(5);
            }

            look(watchdog, Watchdog.MAX_LOOKS);
            assertThat(ends).isEmpty();
            look(watchdog, 1);
            assertThat(ends).containsExactly("no thread of the server was free for a minute");
        } finally {
            end.countDown();
            for (Socket client : clients) {
                client.close();
            }
            server.stop();
        }
    }

    @Test
    void look_serverStops_isNoReason() {
        Watchdog watchdog = new Watchdog(
                task -> {
                    throw new RejectedExecutionException();
                },
                ends::add);

        look(watchdog, 2 * Watchdog.MAX_LOOKS);

        assertThat(ends).isEmpty();
    }

    private static void look(Watchdog watchdog, int times) {
        for (int i = 0; i < times; i++) {
            watchdog.look();
        }
    }
}
