package dev.tokenservice.server;

import dev.tokenservice.telemetry.Exhaustion;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.Scheduler;
import org.eclipse.jetty.util.thread.ThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A port whose connections are bounded in number, in memory and in time. */
final class BoundedConnector extends ServerConnector {

    private static final Logger LOG = LoggerFactory.getLogger(BoundedConnector.class);

    /** How late a deadline may be noticed. */
    private static final long INTERVAL_MILLISECONDS = 1000;

    private static final int ACCEPTORS = 1;
    private static final int SELECTORS = 2;
    private static final long PAUSE_MILLISECONDS = 10;
    private static final int PAUSES_IF_BUSY = 10;

    /** Connections that are closed but not taken apart, or wait for their turn, or tasks that wait for a thread. */
    private static final int MAX_BEHIND = 256;

    private final OpenConnections connections;
    private final IntSupplier waiting;
    private final LongSupplier nanoTime;
    private final Watchdog watchdog;
    private @Nullable Thread watching;

    BoundedConnector(
            Server server,
            @Nullable ThreadPool threadPool,
            Scheduler scheduler,
            ByteBufferPool buffers,
            OpenConnections connections,
            IntSupplier waiting,
            LongSupplier nanoTime,
            ConnectionFactory... factories) {
        super(server, threadPool, scheduler, buffers, ACCEPTORS, SELECTORS, factories);
        this.connections = connections;
        this.waiting = waiting;
        this.nanoTime = nanoTime;
        this.watchdog = new Watchdog(getExecutor(), Exhaustion::endProcess);
    }

    /**
     * Takes in slowly what the threads do not keep up with, as what is accepted needs memory until it is closed in every part,
     * and no more than leaves each a little time.
     */
    @Override
    public void accept(int acceptor) throws IOException {
        try {
            for (int pauses = 0; isBehind() || (isBusy() && pauses < PAUSES_IF_BUSY); pauses++) {
                Thread.sleep(PAUSE_MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        super.accept(acceptor);
    }

    private boolean isBehind() {
        return connections.isCrowded()
                || getConnectedEndPoints().size() > connections.open() + MAX_BEHIND
                || waiting.getAsInt() > MAX_BEHIND;
    }

    /** Whether many requests wait for a thread. Clients can keep it so without an end, and others must still get in. */
    private boolean isBusy() {
        return getExecutor() instanceof QueuedThreadPool pool && pool.getQueueSize() > MAX_BEHIND;
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key) {
        ClientEndPoint connection =
                new ClientEndPoint(channel, selector, key, getScheduler(), connections, nanoTime.getAsLong());
        connection.setIdleTimeout(getIdleTimeout());
        return connection;
    }

    @Override
    protected void onEndPointOpened(EndPoint endPoint) {
        super.onEndPointOpened(endPoint);
        connections.opened((ClientEndPoint) endPoint);
    }

    @Override
    protected void onEndPointClosed(EndPoint endPoint) {
        connections.closed((ClientEndPoint) endPoint);
        super.onEndPointClosed(endPoint);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        watching = watchdog.start(getName());
        look();
    }

    @Override
    protected void doStop() throws Exception {
        if (watching != null) {
            watching.interrupt();
        }
        super.doStop();
    }

    private void look() {
        try {
            checkDeadlines();
        } catch (OutOfMemoryError e) {
            Exhaustion.endIfCausedBy(e); // Nobody would learn of it, and no deadline would be looked at any more.
        }
        if (isStarting() || isStarted()) {
            getScheduler().schedule(this::look, INTERVAL_MILLISECONDS, TimeUnit.MILLISECONDS);
        }
    }

    /** Ends what has taken too long. */
    synchronized void checkDeadlines() {
        long now = nanoTime.getAsLong();
        for (EndPoint endPoint : getConnectedEndPoints()) {
            try {
                ((ClientEndPoint) endPoint).checkDeadline(now);
            } catch (RuntimeException e) {
                LOG.warn("cannot close a connection: {}", e.toString());
            }
        }
    }

    /** Without a descriptor for the next connection another one must go; the wait keeps this from using up a processor. */
    @Override
    protected boolean handleAcceptFailure(Throwable failure) {
        if (!isRunning() || failure instanceof InterruptedException || !isOpen()) {
            return super.handleAcceptFailure(failure);
        }
        connections.closeOldest();
        try {
            Thread.sleep(PAUSE_MILLISECONDS);
        } catch (InterruptedException e) {
            return true;
        }
        return true;
    }
}
