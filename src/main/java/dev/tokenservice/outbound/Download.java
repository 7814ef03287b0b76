package dev.tokenservice.outbound;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ProxySelector;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Function;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.client5.http.impl.routing.SystemDefaultRoutePlanner;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;

/**
 * Gets public documents from web servers that nobody must trust: whole, within limits, and on a connection of its own each
 * time. Redirects are followed a few times, never from https to http. Safe for use by many threads.
 */
public final class Download implements AutoCloseable {

    /** The time is for all redirects together. */
    public static final GoogleTransport.Limits LIMITS = new GoogleTransport.Limits(
            Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(20), 16, 8 * 1024 * 1024);

    public static final int MAX_REDIRECTS = 3;

    private final GoogleTransport.Limits limits;
    private final ExchangeDeadlines deadlines = new ExchangeDeadlines("download-deadline");
    private final ThreadPoolExecutor lookups = GoogleTransport.lookups();
    private final CloseableHttpClient anywhere;
    private final CloseableHttpClient publicly;

    /** Which addresses a URL may lead to. */
    public enum Reach {
        /** All, also by way of the proxy of the JVM's settings. */
        ANY,
        /** Public ones only, and without a proxy: nobody could tell where it connects to. */
        PUBLIC,
        NONE
    }

    /**
     * The answer to the last request, which is not a redirect.
     *
     * @param content not longer than the limits allow, whatever the status
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared: read once, and gone.
    public record Answer(int status, byte[] content, Validators validators) {

        /** Returns whether the document is the one whose validators were sent. */
        public boolean isUnchanged() {
            return status == HttpStatus.SC_NOT_MODIFIED;
        }
    }

    private record Hop(Answer answer, Optional<String> location) {}

    /** With the TLS settings of the JVM, {@code javax.net.ssl.trustStore} included. */
    public static Download ofJvm() {
        try {
            return new Download(
                    LIMITS, SSLContext.getDefault(), SystemDefaultDnsResolver.INSTANCE, PublicAddresses::contain);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the TLS settings of the JVM cannot be used: " + e.getMessage(), e);
        }
    }

    /**
     * Opens no connection yet.
     *
     * @param tls whom to trust
     * @param system finds the addresses of names
     */
    Download(GoogleTransport.Limits limits, SSLContext tls, DnsResolver system, Predicate<InetAddress> isPublic) {
        this.limits = limits;
        DeadlineInterceptor interceptor =
                new DeadlineInterceptor(limits, deadlines, reason -> {}, (answer, content) -> {});
        DnsResolver names = new BoundedDnsResolver(lookups, limits.connect(), system);
        anywhere = client(tls, names, interceptor)
                .setRoutePlanner(new SystemDefaultRoutePlanner(ProxySelector.getDefault()))
                .build();
        publicly = client(tls, new PublicDnsResolver(names, isPublic), interceptor)
                .setRoutePlanner(new DefaultRoutePlanner(null))
                .build();
    }

    private HttpClientBuilder client(SSLContext tls, DnsResolver names, DeadlineInterceptor interceptor) {
        return BoundedClient.builder(limits, tls, names, interceptor)
                .setUserAgent("token-service")
                .setConnectionReuseStrategy((request, response, context) -> false);
    }

    /**
     * Gets a document.
     *
     * @param known of the document that is here already
     * @param judge decides for the URL and for that of each redirect
     * @throws IOException where there is no complete answer within the limits; its message says why in one line
     */
    public Answer get(URI url, Validators known, Function<URI, Reach> judge) throws IOException {
        Deadline deadline = Deadline.after(limits.total());
        URI at = url;
        for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
            Hop hop = once(at, known, judge.apply(at), deadline);
            if (hop.location().isEmpty()) {
                return hop.answer();
            }
            at = Redirect.target(at, hop.location().get());
        }
        throw new RefusedRedirectException("redirects more than " + MAX_REDIRECTS + " times");
    }

    private Hop once(URI url, Validators known, Reach reach, Deadline deadline) throws IOException {
        if (reach == Reach.NONE) {
            throw new RefusedRedirectException("redirects to a URL that is not allowed");
        }
        long left = deadline.remaining().toMillis();
        if (left == 0) {
            throw new SocketTimeoutException(
                    "no complete answer within " + limits.total().toMillis() + " ms");
        }
        HttpGet request = new HttpGet(url);
        request.setConfig(RequestConfig.custom()
                .setResponseTimeout(Timeout.ofMilliseconds(left))
                .build());
        known.addTo(request);
        return (reach == Reach.ANY ? anywhere : publicly).execute(request, Download::hop);
    }

    private static Hop hop(ClassicHttpResponse response) throws IOException {
        byte[] content = EntityUtils.toByteArray(response.getEntity());
        return new Hop(
                new Answer(response.getCode(), content == null ? new byte[0] : content, Validators.of(response)),
                Redirect.location(response));
    }

    @Override
    public void close() {
        deadlines.close();
        lookups.shutdownNow();
        anywhere.close(CloseMode.IMMEDIATE);
        publicly.close(CloseMode.IMMEDIATE);
    }
}
