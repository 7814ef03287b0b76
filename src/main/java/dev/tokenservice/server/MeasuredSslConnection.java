package dev.tokenservice.server;

import dev.tokenservice.identity.ClientCertificate;
import dev.tokenservice.telemetry.HandshakeOutcome;
import dev.tokenservice.tls.HandshakeFailure;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.jspecify.annotations.Nullable;

/**
 * A TLS connection that waits for its turn to make the handshake, and reports, once, how that ended. Jetty tells of one that the TLS engine ends; one that the
 * client leaves, or does not go on with, is seen at the end of the connection only.
 */
final class MeasuredSslConnection extends SslConnection {

    /** An alert in the clear: type, two bytes of version, two of length, level, and code (RFC 8446 sections 5.1 and 6). */
    private static final int ALERT_RECORD_TYPE = 21;

    private static final int ALERT_LENGTH_OFFSET = 3;
    private static final int ALERT_LENGTH = 2;
    private static final int ALERT_CODE_OFFSET = 6;
    private static final int ALERT_RECORD_LENGTH = 7;

    private static final Optional<String> OVERDUE = Optional.of(Phase.OPENED.label());

    private final HandshakeLog log;
    private final HandshakeTurns turns;
    private final Supplier<Optional<ClientCertificate>> shown;
    private final AtomicBoolean reported = new AtomicBoolean();
    private final @Nullable SocketAddress peer;
    private volatile Runnable endOfTurn = () -> {};
    private volatile boolean timeout;
    private volatile int alert = -1;

    MeasuredSslConnection(
            SslConnectionFactory factory,
            Connector connector,
            EndPoint endPoint,
            SSLEngine engine,
            HandshakeLog log,
            HandshakeTurns turns,
            Supplier<Optional<ClientCertificate>> shown) {
        super(
                connector.getByteBufferPool(),
                connector.getExecutor(),
                factory.getSslContextFactory(),
                endPoint,
                engine,
                factory.isDirectBuffersForEncryption(),
                factory.isDirectBuffersForDecryption());
        this.log = log;
        this.turns = turns;
        this.shown = shown;
        this.peer = endPoint.getRemoteSocketAddress();
        addHandshakeListener(new SslHandshakeListener() {
            @Override
            public void handshakeSucceeded(Event event) {
                if (reported.compareAndSet(false, true)) {
                    log.succeeded();
                }
                endOfTurn.run(); // The same thread may go on with a request, which takes its time.
            }

            @Override
            public void handshakeFailed(Event event, Throwable failure) {
                report(alert < 0 ? HandshakeFailure.of(failure) : HandshakeFailure.ofAlert(alert));
            }
        });
    }

    @Override
    public void onFillable() {
        if (reported.get()) {
            super.onFillable();
        } else {
            turns.take(getExecutor(), end -> {
                endOfTurn = end;
                super.onFillable();
            });
        }
    }

    @Override
    protected SSLEngineResult unwrap(SSLEngine engine, ByteBuffer input, ByteBuffer output) throws SSLException {
        int start = input.position();
        if (!reported.get()
                && input.remaining() >= ALERT_RECORD_LENGTH
                && input.get(start) == ALERT_RECORD_TYPE
                && input.getShort(start + ALERT_LENGTH_OFFSET) == ALERT_LENGTH) {
            alert = Byte.toUnsignedInt(input.get(start + ALERT_CODE_OFFSET));
        }
        return super.unwrap(engine, input, output);
    }

    @Override
    public boolean onIdleExpired(TimeoutException expired) {
        timeout = true;
        return super.onIdleExpired(expired);
    }

    @Override
    public void onClose(@Nullable Throwable cause) {
        super.onClose(cause);
        Optional<String> ours = ClientEndPoint.of(getEndPoint()).closeReason();
        if (timeout || cause instanceof TimeoutException || ours.equals(OVERDUE)) {
            report(new HandshakeFailure(HandshakeOutcome.TIMEOUT, late()));
        } else if (ours.isPresent()) {
            report(new HandshakeFailure(
                    HandshakeOutcome.LIMIT,
                    "the service closed the connection: the port is full (" + ours.get() + ")"));
        } else if (getBytesIn() > 0) {
            report(new HandshakeFailure(HandshakeOutcome.CLOSED, "the client closed the connection in the handshake"));
        } else if (reported.compareAndSet(false, true)) {
            log.nothingSent();
        }
    }

    private String late() {
        return (getBytesIn() > 0 ? "the client did not finish the handshake" : "the client sent nothing") + " within "
                + Phase.OPENED.limit().toSeconds() + " s";
    }

    private void report(HandshakeFailure failure) {
        if (reported.compareAndSet(false, true)) {
            log.failed(peer, failure, shown);
        }
    }
}
