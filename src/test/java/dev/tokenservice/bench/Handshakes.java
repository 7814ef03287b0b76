package dev.tokenservice.bench;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * Clients that do nothing but shake hands, with a certificate, at a steady rate: every handshake is a full one, on a connection
 * that is closed after it.
 *
 * <p>Arguments: port, handshakes a second, seconds, PKCS#12 file with the client's key and the trusted server certificate, its
 * password. Prints {@code RESULT}, the handshakes a second that were reached, and the errors.
 */
public final class Handshakes {

    private static final int THREADS = 64;
    private static final int TIMEOUT_MILLIS = 5000;

    private final AtomicLong done = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final SSLContext context;
    private final int port;

    private Handshakes(SSLContext context, int port) {
        this.context = context;
        this.port = port;
    }

    public static void main(String[] arguments) throws Exception {
        // In native code, so that the clients take little from the service that is measured.
        AmazonCorrettoCryptoProvider.install();
        int rate = Integer.parseInt(arguments[1]);
        int seconds = Integer.parseInt(arguments[2]);
        Handshakes clients = new Handshakes(
                context(Path.of(arguments[3]), arguments[4].toCharArray()), Integer.parseInt(arguments[0]));
        ScheduledExecutorService threads = Executors.newScheduledThreadPool(THREADS);
        long period = TimeUnit.SECONDS.toNanos(THREADS) / rate;
        long start = System.nanoTime();
        for (int i = 0; i < THREADS; i++) {
            ScheduledFuture<?> unused =
                    threads.scheduleAtFixedRate(clients::shake, i * period / THREADS, period, TimeUnit.NANOSECONDS);
        }
        TimeUnit.SECONDS.sleep(seconds);
        threads.shutdownNow();
        double elapsed = (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
        System.out.printf("RESULT %.0f %d%n", clients.done.get() / elapsed, clients.failed.get());
    }

    /** A session is not used again: the client forgets it, so that the server has to do all its work each time. */
    private void shake() {
        try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), port)) {
            plain.setSoTimeout(TIMEOUT_MILLIS);
            SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, "localhost", port, true);
            socket.startHandshake();
            socket.getSession().invalidate();
            done.incrementAndGet();
        } catch (IOException e) {
            failed.incrementAndGet();
        }
    }

    private static SSLContext context(Path file, char[] password) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, password);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, password);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}
