package dev.tokenservice.doctor;

import com.google.common.base.Suppliers;
import dev.tokenservice.server.ListenSetting;
import dev.tokenservice.server.ServerParts;
import dev.tokenservice.server.ServiceServerFactory;
import dev.tokenservice.server.UnusableAddressException;
import dev.tokenservice.tls.TlsFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether the ports can be opened, all at the same time, because two settings may name the same port. Beside a running
 * service they
 * are taken, and that may be as it should.
 */
final class PortCheck {

    private final ServiceServerFactory server;
    private final TlsFactory tls;
    private final RunningService service;

    /** A port that is to be opened. */
    private record Listener(
            CheckName check, String variable, ListenSetting host, int port, Optional<CertificateChain> chain) {}

    /** The chain that a port shows. */
    private interface CertificateChain extends Supplier<Optional<List<X509Certificate>>> {}

    PortCheck(ServiceServerFactory server, TlsFactory tls, RunningService service) {
        this.server = server;
        this.tls = tls;
        this.service = service;
    }

    void run(Findings findings) {
        List<Listener> listeners = listeners(findings);
        Supplier<Boolean> running = Suppliers.memoize(() -> listeners.stream().anyMatch(this::isRunning));
        List<ServerSocket> open = new ArrayList<>();
        try {
            listeners.forEach(listener -> open.add(open(listener, running, findings)));
        } finally {
            open.forEach(PortCheck::close);
        }
    }

    private List<Listener> listeners(Findings findings) {
        List<Listener> listeners = new ArrayList<>();
        CheckName application = CheckName.APPLICATION_PORT;
        server.port()
                .ifPresentOrElse(
                        port -> listeners.add(
                                new Listener(application, "PORT", server.applicationHost(), port, Optional.empty())),
                        () -> findings.skip("PORT is off: there is no application port", application));
        listeners.add(new Listener(
                CheckName.ADMIN_PORT,
                "ADMIN_PORT",
                server.adminHost(),
                server.adminPort(),
                server.adminTls().map(admin -> () -> Optional.of(admin.readChain()))));
        if (tls.isEnabled()) {
            ListenSetting host = ServerParts.Tls.host(tls);
            listeners.add(new Listener(
                    CheckName.MTLS_PORT, "MTLS_PORT", host, tls.port(), Optional.of(tls::readServerChain)));
        } else {
            findings.skip("MTLS_CERTIFICATE is not set: there is no TLS port", CheckName.MTLS_PORT);
        }
        return listeners;
    }

    private ServerSocket open(Listener listener, Supplier<Boolean> running, Findings findings) {
        ServerSocket socket = socket();
        int port = listener.port();
        try {
            Optional<InetAddress> address = listener.host().resolve();
            socket.setReuseAddress(true);
            socket.bind(address.map(one -> new InetSocketAddress(one, port)).orElse(new InetSocketAddress(port)));
            findings.ok(listener.check(), port == 0 ? listener.variable() + "=0 picks a free one" : port + " is free");
        } catch (UnusableAddressException e) {
            findings.fail(listener.check(), e.problem(), e.remedy());
        } catch (IOException e) {
            taken(listener, running.get(), e.getMessage(), findings);
        }
        return socket;
    }

    private boolean isRunning(Listener listener) {
        try {
            InetSocketAddress place = new InetSocketAddress(listener.host().reachable(), listener.port());
            return listener.chain().map(chain -> service.shows(chain, place)).orElseGet(() -> service.answers(place));
        } catch (UnusableAddressException e) {
            return false;
        }
    }

    private static void taken(Listener listener, boolean running, @Nullable String reason, Findings findings) {
        int port = listener.port();
        String variable = listener.variable();
        String evidence = variable + ": port " + port + " cannot be opened: " + reason;
        if (running) {
            findings.warn(
                    listener.check(),
                    evidence + "; a Token Service runs here already",
                    "none, if that is the service in question; otherwise set " + variable + " to another port");
        } else {
            findings.fail(
                    listener.check(),
                    evidence,
                    "stop the process that uses the port (ss -ltnp 'sport = :" + port + "' names it), or set "
                            + variable + " to another port");
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
