package dev.tokenservice.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A real proxy with the configuration of {@code examples/}, in which only places are others. */
public final class TestProxy implements AutoCloseable {

    /** What the proxy sends to prove itself. */
    public static final String SECRET = "a-secret-of-this-test";

    private final Process process;
    private final int port;

    private TestProxy(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts HAProxy; the folder has tls.pem, clients.crt and clients.crl. */
    public static TestProxy haproxy(Path folder, int servicePort) {
        int port = FreePort.find();
        Path file = adapt(
                "examples/haproxy/haproxy.cfg",
                folder,
                Map.of(
                        "0.0.0.0:443", "127.0.0.1:" + port,
                        "127.0.0.1:8080", "127.0.0.1:" + servicePort,
                        "/etc/haproxy/", folder + "/"));
        return start(
                new ProcessBuilder(Programs.require("haproxy").toString(), "-db", "-f", file.toString()), folder, port);
    }

    /** Starts nginx; the folder has tls.crt, tls.key, clients.crt and clients.crl. */
    public static TestProxy nginx(Path folder, int servicePort) {
        int port = FreePort.find();
        Path file = adapt(
                "examples/nginx/nginx.conf",
                folder,
                Map.of(
                        "listen 443", "listen 127.0.0.1:" + port,
                        "127.0.0.1:8080", "127.0.0.1:" + servicePort,
                        "put-a-random-secret-here", SECRET,
                        "/etc/nginx/", folder + "/"));
        return start(
                new ProcessBuilder(
                        Programs.require("nginx").toString(),
                        "-p",
                        folder.toString(),
                        "-c",
                        file.toString(),
                        "-e",
                        "stderr",
                        "-g",
                        "daemon off; pid " + folder + "/nginx.pid;"),
                folder,
                port);
    }

    private static Path adapt(String example, Path folder, Map<String, String> changes) {
        try {
            String text = Files.readString(Path.of(example));
            for (Map.Entry<String, String> change : changes.entrySet()) {
                if (!text.contains(change.getKey())) {
                    throw new IllegalStateException(example + " does not have " + change.getKey());
                }
                text = text.replace(change.getKey(), change.getValue());
            }
            return Files.writeString(folder.resolve("proxy.conf"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TestProxy start(ProcessBuilder builder, Path folder, int port) {
        try {
            Path output = folder.resolve("proxy.log");
            builder.environment().put("PROXY_SECRET", SECRET);
            Process process = builder.redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            for (int i = 0; i < 100 && !isOpen(port); i++) {
                if (!process.isAlive() || i == 99) {
                    process.destroy();
                    throw new IllegalStateException(String.join("\n", Files.readAllLines(output)));
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
            return new TestProxy(process, port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isOpen(int port) {
        try (Socket socket = Http.open(port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    public int port() {
        return port;
    }

    /** Programs that this has started besides are ended by it. */
    @Override
    public void close() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        children.forEach(ProcessHandle::destroy);
    }
}
