package dev.tokenservice.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.DnsResolver;

/**
 * The name lookup of the system with a limit: the system's own can take many seconds, and nothing interrupts it. One that nobody
 * waits for any longer is not begun.
 */
final class BoundedDnsResolver implements DnsResolver {

    private final ExecutorService executor;
    private final Duration limit;
    private final DnsResolver system;

    BoundedDnsResolver(ExecutorService executor, Duration limit, DnsResolver system) {
        this.executor = executor;
        this.limit = limit;
        this.system = system;
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        Future<InetAddress[]> lookup;
        try {
            lookup = executor.submit(() -> system.resolve(host));
        } catch (RejectedExecutionException e) {
            throw failed(host, "too many lookups are queued");
        }
        try {
            return lookup.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw failed(host, "no answer within " + limit.toMillis() + " ms");
        } catch (ExecutionException e) {
            throw failed(host, "unknown");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(host, "interrupted");
        } finally {
            lookup.cancel(true);
        }
    }

    private static UnknownHostException failed(String host, String why) {
        return new UnknownHostException(host + " (" + why + ")");
    }

    @Override
    public String resolveCanonicalHostname(String host) throws UnknownHostException {
        return system.resolveCanonicalHostname(host);
    }
}
