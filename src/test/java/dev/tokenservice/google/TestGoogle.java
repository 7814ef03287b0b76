package dev.tokenservice.google;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import dev.tokenservice.outbound.Deadline;
import dev.tokenservice.outbound.GoogleTransport;
import dev.tokenservice.telemetry.ServiceMetrics;
import dev.tokenservice.testing.TestKeys;
import java.net.URI;
import java.security.PrivateKey;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The clients of this package, set up to speak to a {@link FakeGoogle} with little patience. */
public final class TestGoogle implements AutoCloseable {

    public static final GoogleTransport.Limits IMPATIENT = new GoogleTransport.Limits(
            Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofSeconds(2), 64, 1024 * 1024);
    static final PrivateKey KEY = TestKeys.ofJdkRsa();

    public final FakeGoogle google = FakeGoogle.start();
    final ServiceMetrics metrics = new ServiceMetrics();
    public final GoogleTransport transport;
    final GoogleFactory factory;
    public final GoogleClients clients;

    public TestGoogle() {
        this(IMPATIENT, Clock.systemUTC());
    }

    /** Clients as the service has them: where calls are counted, a busy machine must not have them repeated. */
    public TestGoogle(Clock clock) {
        this(GoogleTransport.Limits.DEFAULT, clock);
    }

    TestGoogle(GoogleTransport.Limits limits) {
        this(limits, Clock.systemUTC());
    }

    private TestGoogle(GoogleTransport.Limits limits, Clock clock) {
        transport = new GoogleTransport(limits, google.certificates().clientContext(), GoogleFactory.refusals(metrics));
        factory = factory(Map.of());
        clients = factory.build(transport, metrics, clock);
    }

    /** The settings that lead to the fake, and others besides. */
    GoogleFactory factory(Map<String, Object> others) {
        Map<String, Object> settings = new HashMap<>(others);
        settings.put("iamCredentialsUrl", google.url());
        settings.put("stsUrl", google.url());
        settings.put("jwksUrl", google.jwksUrl());
        return new JsonMapper().convertValue(settings, GoogleFactory.class);
    }

    /** Those of a service account's key. */
    public ServiceCredentials credentials() {
        GoogleCredentials key = ServiceAccountCredentials.newBuilder()
                .setClientEmail(FakeGoogle.SERVICE_ACCOUNT)
                .setPrivateKey(KEY)
                .setTokenServerUri(URI.create(google.tokenUrl()))
                .setHttpTransportFactory(transport::http)
                .build();
        return factory.finder(transport, warning -> {}).checked(key, URI.create(google.url()), "googleapis.com");
    }

    /** For a call that is to succeed, also on a busy machine. */
    public static Deadline patient() {
        return Deadline.after(Duration.ofSeconds(5));
    }

    /** For a call whose retries are to fail. */
    public static Deadline soon() {
        return Deadline.after(Duration.ofMillis(800));
    }

    @Override
    public void close() {
        clients.close();
        google.close();
    }
}
