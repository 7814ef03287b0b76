package dev.tokenservice.outbound;

import java.net.InetAddress;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;

/** Downloads for tests. */
public final class TestDownloads {

    private TestDownloads() {}

    /** Waits two seconds at most. */
    public static Download strict() {
        return of(PublicAddresses::contain);
    }

    /** Waits two seconds at most, and takes this machine for a part of the internet. */
    public static Download impatient() {
        return of(address -> true);
    }

    private static Download of(Predicate<InetAddress> isPublic) {
        GoogleTransport.Limits limits = new GoogleTransport.Limits(
                Duration.ofSeconds(2),
                Duration.ofSeconds(2),
                Duration.ofSeconds(2),
                16,
                Download.LIMITS.responseBytes());
        try {
            return new Download(limits, SSLContext.getDefault(), SystemDefaultDnsResolver.INSTANCE, isPublic);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
