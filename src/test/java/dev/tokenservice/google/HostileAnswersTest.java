package dev.tokenservice.google;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpResponse;
import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.outbound.Deadline;
import dev.tokenservice.outbound.GoogleTransport.Limits;
import dev.tokenservice.testing.HostileServer;
import dev.tokenservice.testing.HostileServer.Mode;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Answers made to exhaust whoever reads them: the credentials' token endpoint, the metadata server, the signatures that health
 * asks for, and any document.
 */
class HostileAnswersTest {

    private static final Limits LIMITS =
            new Limits(Duration.ofSeconds(1), Duration.ofMillis(700), Duration.ofSeconds(1), 64, 1024 * 1024);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static HostileServer server;
    private static TestGoogle test;

    @BeforeAll
    static void start() {
        server = HostileServer.start();
        test = new TestGoogle(LIMITS);
    }

    @AfterEach
    void direct() {
        System.clearProperty("http.proxyHost");
        System.clearProperty("http.proxyPort");
    }

    @AfterAll
    static void stop() {
        test.close();
        server.close();
    }

    /** What no reader of any document accepts. */
    static Set<Mode> refusedByTheTransport() {
        return EnumSet.complementOf(EnumSet.of(Mode.PROPER, Mode.HEADER_IN_TOKEN, Mode.MEMBER_IN_ANOTHER_CHARSET));
    }

    static Set<Mode> refusedAsAToken() {
        return EnumSet.complementOf(EnumSet.of(Mode.PROPER, Mode.HEADER_IN_TOKEN, Mode.REDIRECT));
    }

    static Set<Mode> hostile() {
        return EnumSet.complementOf(EnumSet.of(Mode.PROPER, Mode.HEADER_IN_TOKEN));
    }

    @ParameterizedTest
    @MethodSource("refusedByTheTransport")
    void document_hostileAnswer_ioExceptionOfOneHarmlessLine(Mode mode) {
        server.answer(mode);

        assertThatThrownBy(() -> get())
                .isInstanceOf(IOException.class)
                .satisfies(failure -> assertThat(failure.toString())
                        .hasSizeLessThan(200)
                        .doesNotContain("ya29", "aaaa")
                        .matches("[ -~\\n]*"));
    }

    @ParameterizedTest
    @CsvSource({
        "ENDLESS_HEADER_LINE, head",
        "ENDLESS_TRAILERS, head",
        "TWO_LENGTHS, framing",
        "BAD_CHUNK, framing",
        "ENDLESS_BODY, body",
        "GZIP_BOMB, coding",
        "REPEATED_ERROR, json",
        "SLOW_HEAD, time"
    })
    void document_hostileAnswer_countedByItsReason(Mode mode, String reason) {
        String series = "token_service_answers_refused_total{reason=" + reason + "}";
        double before = test.metrics.counts().getOrDefault(series, 0.0);
        server.answer(mode);

        assertThatThrownBy(() -> get()).isInstanceOf(IOException.class);

        assertThat(test.metrics.counts()).containsEntry(series, before + 1);
    }

    @ParameterizedTest
    @MethodSource("refusedAsAToken")
    void credentials_hostileTokenEndpoint_temporarilyUnavailableAndWellAfterIt(Mode mode) {
        assertUnavailableAndWellAfterIt(key(), mode);
    }

    @Test
    void credentials_redirect_notFollowed() {
        server.answer(Mode.REDIRECT);
        int requests = server.requests();

        assertThatThrownBy(() -> key().headers(Deadline.after(PATIENCE))).isInstanceOf(RefusedException.class);
        assertThat(server.requests()).isEqualTo(requests + 1);
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void metadataServer_hostileToken_temporarilyUnavailableAndWellAfterIt(Mode mode) {
        assertUnavailableAndWellAfterIt(service(metadataServer()), mode);
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void metadataServer_hostileEmail_refusedInOneHarmlessLine(Mode mode) {
        server.answer(mode);

        assertThatThrownBy(() -> new CredentialsFinder(test.transport, null, null, warning -> {})
                        .checked(metadataServer(), URI.create(server.url()), "googleapis.com"))
                .isInstanceOf(GoogleCredentialsException.class)
                .satisfies(failure -> assertThat(failure.getMessage())
                        .hasSizeLessThan(700)
                        .doesNotContain("ya29")
                        .matches("[ -~]*"));
    }

    @ParameterizedTest
    @EnumSource
    void metadataServer_hostileProject_unknown(Mode mode) {
        server.answer(mode);

        assertThat(service(metadataServer()).projectId()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"ENDLESS_HEADER_LINE", "ENDLESS_STATUS", "ENDLESS_TRAILERS", "LONG_ERROR", "SLOW_BODY"})
    void ping_hostileIam_failureThatHealthKnows(Mode mode) {
        ServiceCredentials credentials = test.credentials();
        GoogleClients hostile = new JsonMapper()
                .convertValue(Map.of("iamCredentialsUrl", server.url()), GoogleFactory.class)
                .build(test.transport, test.metrics, Clock.systemUTC());
        CallHistory history = hostile.iamCredentials().signJwtHistory();
        server.answer(mode);

        new IamPing(
                        history,
                        (claims, deadline) -> hostile.iamCredentials()
                                .signJwt(credentials, "{}", Deadline.after(Duration.ofMillis(300))),
                        Clock.systemUTC())
                .ping();

        assertThat(history.failures())
                .hasValueSatisfying(failures ->
                        assertThat(failures.reason()).hasSizeLessThan(500).doesNotContain("aaaa"));
    }

    @Test
    void properAnswer_afterHostileOnes_read() throws IOException {
        server.answer(Mode.ENDLESS_HEADERS);
        assertThatThrownBy(() -> get()).isInstanceOf(IOException.class);
        server.answer(Mode.PROPER);

        assertThat(get()).contains("ya29");
    }

    private static void assertUnavailableAndWellAfterIt(ServiceCredentials credentials, Mode mode) {
        server.answer(mode);

        Refusal failure = catchThrowableOfType(
                        RefusedException.class, () -> credentials.headers(Deadline.after(PATIENCE)))
                .refusal();
        server.answer(Mode.PROPER);

        assertThat(failure.status()).isEqualTo(503);
        assertThat(failure.problem().orElseThrow()).hasSizeLessThan(500).doesNotContain("ya29");
        assertThat(credentials.headers(Deadline.after(PATIENCE))).containsKey("Authorization");
    }

    private static ServiceCredentials key() {
        return service(ServiceAccountCredentials.newBuilder()
                .setClientEmail(FakeGoogle.SERVICE_ACCOUNT)
                .setPrivateKey(TestGoogle.KEY)
                .setTokenServerUri(URI.create(server.url() + "/token"))
                .setHttpTransportFactory(test.transport::http)
                .build());
    }

    /** The metadata server has a fixed name; a proxy leads to it. */
    private static GoogleCredentials metadataServer() {
        URI proxy = URI.create(server.url());
        System.setProperty("http.proxyHost", proxy.getHost());
        System.setProperty("http.proxyPort", Integer.toString(proxy.getPort()));
        return ComputeEngineCredentials.newBuilder()
                .setHttpTransportFactory(test.transport::http)
                .build();
    }

    private static ServiceCredentials service(GoogleCredentials credentials) {
        // With an audience of its own a key signs its tokens itself, and asks nobody.
        return new ServiceCredentials(
                credentials
                        .createScoped("https://www.googleapis.com/auth/cloud-platform")
                        .createWithCustomRetryStrategy(false),
                FakeGoogle.SERVICE_ACCOUNT,
                URI.create(server.url()),
                test.transport.background());
    }

    private static String get() throws IOException {
        HttpResponse response = test.transport
                .http()
                .createRequestFactory()
                .buildGetRequest(new GenericUrl(server.url()))
                .setFollowRedirects(false)
                .execute();
        return response.parseAsString();
    }
}
