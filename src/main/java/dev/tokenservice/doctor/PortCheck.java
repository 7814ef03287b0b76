package dev.tokenservice.doctor;

import dev.tokenservice.oauth.Paths;
import dev.tokenservice.server.ServiceServerFactory;
import dev.tokenservice.tls.TlsFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether the ports are there to be opened: all at once, as two settings may name the same one. Beside a running service they
 * are taken, and that may be as it should.
 */
final class PortCheck {

    private final ServiceServerFactory server;
    private final TlsFactory tls;
    private final Web web;
    private boolean running;

    PortCheck(ServiceServerFactory server, TlsFactory tls, Web web) {
        this.server = server;
        this.tls = tls;
        this.web = web;
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

    private ServerSocket check(Check check, String variable, @Nullable String host, int port, Findings findings) {
        ServerSocket socket = socket();
        try {
            socket.setReuseAddress(true);
            socket.bind(host == null ? new InetSocketAddress(port) : new InetSocketAddress(host, port));
            findings.ok(check, port == 0 ? variable + "=0 picks a free one" : port + " is free");
        } catch (IOException e) {
            taken(check, variable, port, e.getMessage(), findings);
        }
        return socket;
    }

    private void taken(Check check, String variable, int port, @Nullable String reason, Findings findings) {
        running = running || isTokenService(port);
        String evidence = variable + ": port " + port + " cannot be opened: " + reason;
        if (running) {
            findings.warn(
                    check,
                    evidence + "; a Token Service runs here already",
                    "nothing, if that is the one in question; else set " + variable + " to another port");
        } else {
            findings.fail(
                    check,
                    evidence,
                    "end what listens there (ss -ltnp 'sport = :" + port + "' names it), or set " + variable
                            + " to another port");
        }
    }

    /** By what the metadata says of the authentication of clients, which hardly anybody else says. */
    private boolean isTokenService(int port) {
        try {
            return web.get("http://127.0.0.1:" + port + Paths.AUTHORIZATION_SERVER)
                    .body()
                    .contains("\"tls_client_auth\"");
        } catch (IOException e) {
            return false;
        }
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
