package dev.tokenservice.server;

import dev.tokenservice.telemetry.ServiceMetrics;
import dev.tokenservice.tls.ClientTls;
import dev.tokenservice.tls.TlsFactory;
import io.dropwizard.core.setup.Environment;
import java.time.Clock;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What the server is built from beside its settings. Dropwizard builds the server itself once the application has run, and
 * passes nothing on but the environment: so the application leaves these parts there.
 *
 * @param metrics where requests, connections and threads are counted
 * @param nanoTime nanoseconds, by which the times of connections are measured
 * @param tls the connector that terminates TLS; empty if there is none
 * @param adminTls TLS of the admin port; empty if it speaks plain HTTP
 */
public record ServerParts(
        ServiceMetrics metrics, Clock clock, LongSupplier nanoTime, Optional<Tls> tls, Optional<ClientTls> adminTls) {

    /**
     * A connector that terminates TLS.
     *
     * @param port its port; 0 picks a free one
     * @param host what it listens on
     */
    public record Tls(int port, ListenSetting host, ClientTls context) {

        /** What the settings of TLS say of its address. */
        public static ListenSetting host(TlsFactory settings) {
            return new ListenSetting("authentication.tls.host", "MTLS_HOST", settings.host());
        }
    }

    /** Leaves the parts for the server that is built with this environment. */
    public void leaveIn(Environment environment) {
        environment.getApplicationContext().addBean(this);
    }

    /**
     * Returns the parts that were left.
     *
     * @throws IllegalStateException when the application has left none
     */
    static ServerParts of(Environment environment) {
        return Optional.ofNullable(environment.getApplicationContext().getBean(ServerParts.class))
                .orElseThrow(() -> new IllegalStateException("the application leaves the parts of the server"));
    }
}
