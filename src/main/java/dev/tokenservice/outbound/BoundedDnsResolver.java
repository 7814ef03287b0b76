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
import org.apache.hc.client5.http.SystemDefaultDnsResolver;

/** The name lookup of the system with a limit: the system's own can take many seconds, and nothing interrupts it. */
final class BoundedDnsResolver implements DnsResolver {

    private final ExecutorService executor;
    private final Duration limit;

    BoundedDnsResolver(ExecutorService executor, Duration limit) {
        this.executor = executor;
        this.limit = limit;
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        try {
            Future<InetAddress[]> lookup = executor.submit(() -> SystemDefaultDnsResolver.INSTANCE.resolve(host));
            return lookup.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            throw failed(host, "too many lookups wait already");
        } catch (TimeoutException e) {
            throw failed(host, "no answer within " + limit.toMillis() + " ms");
        } catch (ExecutionException e) {
            throw failed(host, "unknown");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(host, "interrupted");
        }
    }

    private static UnknownHostException failed(String host, String why) {
        return new UnknownHostException(host + " (" + why + ")");
    }

    @Override
    public String resolveCanonicalHostname(String host) throws UnknownHostException {
        return SystemDefaultDnsResolver.INSTANCE.resolveCanonicalHostname(host);
    }
}
