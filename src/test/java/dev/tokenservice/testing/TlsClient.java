package dev.tokenservice.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.StandardConstants;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** A client that speaks TLS and sends its certificate whatever the server asks for. */
public final class TlsClient {

    private static final int TIMEOUT_MILLISECONDS = 20_000;

    private final SSLContext context;
    private final Handshakes handshakes;
    private final Optional<String> protocol;
    private final Optional<byte[]> serverName;

    private TlsClient(
            SSLContext context, Handshakes handshakes, Optional<String> protocol, Optional<byte[]> serverName) {
        this.context = context;
        this.handshakes = handshakes;
        this.protocol = protocol;
        this.serverName = serverName;
    }

    /** With a certificate, or without one. */
    public static TlsClient of(X509Certificate serverAuthority, Optional<TestAuthority.Identity> identity) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            Handshakes handshakes = new Handshakes();
            context.init(
                    identity.map(one -> new KeyManager[] {new Sender(one, handshakes)})
                            .orElse(new KeyManager[0]),
                    trust(serverAuthority),
                    null);
            return new TlsClient(context, handshakes, Optional.empty(), Optional.empty());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static TrustManager[] trust(X509Certificate authority) throws GeneralSecurityException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry("authority", authority);
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            return factory.getTrustManagers();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same with one version of TLS only. */
    public TlsClient speaking(String onlyProtocol) {
        return new TlsClient(context, handshakes, Optional.of(onlyProtocol), serverName);
    }

    /** The same with a server name of the test's choice, be it a DNS name or not. */
    public TlsClient asking(byte[] name) {
        return new TlsClient(context, handshakes, protocol, Optional.of(name));
    }

    /** How often the certificate was shown: in every handshake that does not resume a session. */
    public int timesShown() {
        return handshakes.number.get();
    }

    /** The authorities that the server named in the last of those handshakes. */
    public List<Principal> offered() {
        return handshakes.offered;
    }

    /** A connection whose handshake is done. */
    public SSLSocket open(int port) throws IOException {
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
        plain.setSoTimeout(TIMEOUT_MILLISECONDS);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, "localhost", port, true);
        protocol.ifPresent(one -> socket.setEnabledProtocols(new String[] {one}));
        serverName.ifPresent(name -> {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIServerName(StandardConstants.SNI_HOST_NAME, name) {}));
            socket.setSSLParameters(parameters);
        });
        socket.startHandshake();
        return socket;
    }

    /** One request on a connection of its own. */
    public Response send(int port, Request request) {
        try (SSLSocket socket = open(port)) {
            socket.getOutputStream().write(request.bytes(port, "close"));
            socket.getOutputStream().flush();
            return Http.read(socket.getInputStream(), request.method());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One token request. */
    public Response token(int port, Headers headers) {
        return send(port, TestService.tokenRequest(headers));
    }

    /** Those in which the certificate was shown. */
    private static final class Handshakes {
        private final AtomicInteger number = new AtomicInteger();
        private volatile List<Principal> offered = List.of();
    }

    private static final class Sender extends javax.net.ssl.X509ExtendedKeyManager {

        private final TestAuthority.Identity identity;
        private final Handshakes handshakes;

        Sender(TestAuthority.Identity identity, Handshakes handshakes) {
            this.identity = identity;
            this.handshakes = handshakes;
        }

        @Override
        public String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
            handshakes.number.incrementAndGet();
            handshakes.offered = issuers == null ? List.of() : List.of(issuers);
            return "client";
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return identity.chain().toArray(X509Certificate[]::new);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return identity.key();
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return new String[] {"client"};
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return new String[0];
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            throw new IllegalStateException("a client's");
        }
    }
}
