package dev.tokenservice.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.apache.hc.client5.http.ssl.DefaultHostnameVerifier;

/**
 * What a server shows of itself in a TLS handshake, in which every certificate is accepted: what is wrong with it is to be
 * said, not to end the handshake.
 *
 * @param protocol such as {@code TLSv1.3}; {@code unknown} where the server closed the handshake for want of a certificate
 * @param chain its own certificate first; empty if it showed none
 */
record ServerHandshake(String protocol, List<X509Certificate> chain) {

    private static final Duration LONGEST = Duration.ofSeconds(10);

    /**
     * Connects and completes a handshake, within ten seconds.
     *
     * @throws IOException when nobody answers
     */
    static ServerHandshake with(RemoteService service, InetAddress address) throws IOException {
        ScheduledExecutorService alarm = Executors.newSingleThreadScheduledExecutor();
        Socket socket = new Socket();
        ScheduledFuture<?> end = alarm.schedule(() -> closeQuietly(socket), LONGEST.toMillis(), TimeUnit.MILLISECONDS);
        try (socket) {
            socket.connect(new InetSocketAddress(address, service.port()), (int) LONGEST.toMillis() / 2);
            return service.encrypted() ? handshake(service, socket) : new ServerHandshake("none", List.of());
        } finally {
            end.cancel(false);
            alarm.shutdownNow();
        }
    }

    private static ServerHandshake handshake(RemoteService service, Socket connection) {
        Everyone shown = new Everyone();
        try (SSLSocket socket = (SSLSocket)
                shown.context().getSocketFactory().createSocket(connection, service.host(), service.port(), true)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"http/1.1"});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return new ServerHandshake(socket.getSession().getProtocol(), shown.chain);
        } catch (IOException e) {
            return new ServerHandshake("unknown", shown.chain);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // The waiting caller has its own error.
        }
    }

    /** Returns whether the server's own certificate is for the host (RFC 9110 section 4.3.4). */
    boolean isFor(String host) {
        try {
            new DefaultHostnameVerifier().verify(host, chain.get(0));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Remembers whom it was shown. */
    private static final class Everyone implements X509TrustManager {

        private List<X509Certificate> chain = List.of();

        private SSLContext context() {
            try {
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(null, new TrustManager[] {this}, null);
                return context;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every JDK has TLS", e);
            }
        }

        @Override
        public void checkClientTrusted(X509Certificate[] certificates, String authType) {
            throw new IllegalStateException("a client has no clients");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] certificates, String authType) {
            chain = List.of(certificates);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
