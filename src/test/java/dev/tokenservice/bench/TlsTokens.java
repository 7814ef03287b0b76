package dev.tokenservice.bench;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import dev.tokenservice.testing.Http;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TlsClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocket;

/**
 * Clients that request each token on a TLS connection of its own. Writes the files that a server needs, and then obeys lines of
 * standard input: the kind of connection, the port of the server, seconds.
 *
 * <p>Arguments: an empty folder for the files, and their password. Prints {@code READY}, and for each line
 * {@code RESULT} with the number of tokens.
 */
public final class TlsTokens {

    private static final int CLIENTS = 4;
    private static final Request TOKEN_REQUEST = Request.post("/token", "grant_type", "client_credentials");

    private final TestAuthority authority = TestAuthority.root("Root");
    private final AtomicLong number = new AtomicLong();

    private TlsTokens() {}

    public static void main(String[] arguments) throws Exception {
        // In native code, so that the clients take little from the service that is measured.
        AmazonCorrettoCryptoProvider.install();
        TlsTokens tokens = new TlsTokens();
        tokens.write(Path.of(arguments[0]), arguments[1].toCharArray());
        System.out.println("READY");
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split(" ", 3);
            System.out.println(
                    "RESULT " + tokens.request(words[0], Integer.parseInt(words[1]), Integer.parseInt(words[2])));
        }
    }

    private void write(Path folder, char[] password) throws GeneralSecurityException, IOException {
        TestAuthority.Identity server = authority.server();
        KeyStore keys = emptyStore();
        keys.setKeyEntry("server", server.key(), password, new Certificate[] {server.certificate()});
        store(keys, folder.resolve("server.p12"), password);
        KeyStore trust = emptyStore();
        trust.setCertificateEntry("clients", authority.certificate());
        store(trust, folder.resolve("clients.p12"), password);
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static void store(KeyStore store, Path file, char[] password) throws GeneralSecurityException, IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, password);
        }
    }

    private long request(String kind, int port, int seconds) throws InterruptedException, ExecutionException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        List<Future<Long>> all = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            all.add(threads.submit(() -> kind(kind).requestUntil(end, port)));
        }
        long done = 0;
        for (Future<Long> one : all) {
            done += one.get();
        }
        threads.shutdown();
        return done;
    }

    /** Clients of one kind, for one connection each. */
    private record Kind(Supplier<TlsClient> clients, boolean resumes) {

        long requestUntil(long end, int port) throws IOException {
            long done = 0;
            long otherwise = 0;
            for (; System.nanoTime() < end; done++) {
                otherwise += request(clients.get(), port) == resumes ? 0 : 1;
            }
            // The first session of a client is never a resumed one.
            if (otherwise > 1) {
                throw new IllegalStateException(otherwise + " of " + done + " connections were of the other kind");
            }
            return done;
        }

        /** Returns whether the connection resumed a session. */
        private boolean request(TlsClient client, int port) throws IOException {
            int shown = client.timesShown();
            try (SSLSocket socket = client.open(port)) {
                socket.getOutputStream().write(TOKEN_REQUEST.bytes(port, "close"));
                int status = Http.read(socket.getInputStream(), TOKEN_REQUEST.method())
                        .status();
                if (status != 200) {
                    throw new IllegalStateException("the server answers with " + status);
                }
                if (!resumes) {
                    // A client that forgets its session makes a full handshake next time.
                    socket.getSession().invalidate();
                }
            }
            return client.timesShown() == shown;
        }
    }

    private Kind kind(String name) {
        return switch (name) {
            case "full", "resumed" -> {
                TlsClient same = newClient();
                yield new Kind(() -> same, name.equals("resumed"));
            }
            case "new-client" -> new Kind(this::newClient, false);
            default -> throw new IllegalArgumentException("unknown kind of connection: " + name);
        };
    }

    private TlsClient newClient() {
        TestAuthority.Identity identity = authority.client("spiffe://example.com/client/" + number.incrementAndGet());
        return TlsClient.of(authority.certificate(), Optional.of(identity));
    }
}
