package dev.tokenservice.cli;

import dev.tokenservice.mtls.tls.TlsFactory;
import dev.tokenservice.server.ServiceServerFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether the ports are there to be opened: all at once, as two settings may name the same one. */
final class PortCheck {

    private final ServiceServerFactory server;
    private final TlsFactory tls;

    PortCheck(ServiceServerFactory server, TlsFactory tls) {
        this.server = server;
        this.tls = tls;
    }

    void run(Findings findings) {
        List<ServerSocket> open = new ArrayList<>();
        try {
            open.add(check(Check.APPLICATION_PORT, "PORT", null, server.port(), findings));
            open.add(check(Check.ADMIN_PORT, "ADMIN_PORT", server.adminHost(), server.adminPort(), findings));
            if (tls.isEnabled()) {
                open.add(check(Check.MTLS_PORT, "MTLS_PORT", null, tls.port(), findings));
            } else {
                findings.skip("MTLS_CERTIFICATE is not set: there is no TLS port", Check.MTLS_PORT);
            }
        } finally {
            open.forEach(PortCheck::close);
        }
    }

    private static ServerSocket check(
            Check check, String variable, @Nullable String host, int port, Findings findings) {
        ServerSocket socket = socket();
        try {
            socket.setReuseAddress(true);
            socket.bind(host == null ? new InetSocketAddress(port) : new InetSocketAddress(host, port));
            findings.ok(check, port == 0 ? variable + "=0 picks a free one" : port + " is free");
        } catch (IOException e) {
            findings.fail(
                    check,
                    variable + ": port " + port + (host == null ? "" : " of " + host) + " cannot be opened: "
                            + e.getMessage(),
                    "end what listens there (ss -ltnp 'sport = :" + port + "' names it), or set " + variable
                            + " to another port");
        }
        return socket;
    }

    private static ServerSocket socket() {
        try {
            return new ServerSocket();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
