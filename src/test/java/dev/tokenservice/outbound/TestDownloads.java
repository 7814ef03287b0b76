package dev.tokenservice.outbound;

import java.net.InetAddress;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;

/** Downloads for tests. */
public final class TestDownloads {

    private static final Duration SHORT = Duration.ofSeconds(2);

    /** For answers that come, also on a busy machine. */
    private static final Duration LONG = Duration.ofSeconds(20);

    private TestDownloads() {}

    /** Waits two seconds at most. */
    public static Download strict() {
        return of(SHORT, PublicAddresses::contain);
    }

    /** Waits two seconds at most, and takes this machine for a part of the internet. */
    public static Download impatient() {
        return of(SHORT, address -> true);
    }

    /** The same for 20 seconds. */
    public static Download patient() {
        return of(LONG, address -> true);
    }

    private static Download of(Duration longest, Predicate<InetAddress> isPublic) {
        GoogleTransport.Limits limits =
                new GoogleTransport.Limits(longest, longest, longest, 16, Download.LIMITS.responseBytes());
        try {
            return new Download(limits, SSLContext.getDefault(), SystemDefaultDnsResolver.INSTANCE, isPublic);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
