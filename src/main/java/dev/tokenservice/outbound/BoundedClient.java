package dev.tokenservice.outbound;

import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/** The HTTP client of every request to another server: no redirects, retries, cookies or compression, and a deadline. */
final class BoundedClient {

    private BoundedClient() {}

    static HttpClientBuilder builder(
            GoogleTransport.Limits limits, SSLContext tls, DnsResolver names, DeadlineInterceptor deadline) {
        return HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setConnectionFactory(CheckedConnection::create)
                        .setTlsSocketStrategy(new DefaultClientTlsStrategy(tls))
                        .setDnsResolver(names)
                        .setMaxConnPerRoute(limits.connections())
                        .setMaxConnTotal(4 * limits.connections())
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(Timeout.of(limits.connect()))
                                .setSocketTimeout(Timeout.of(limits.read()))
                                .setValidateAfterInactivity(TimeValue.ZERO_MILLISECONDS)
                                .build())
                        .build())
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableContentCompression()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableConnectionState()
                .addExecInterceptorFirst("deadline", deadline);
    }
}
