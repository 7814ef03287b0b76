package dev.tokenservice.google;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpResponse;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import dev.tokenservice.outbound.Deadline;
import dev.tokenservice.testing.HostileServer;
import dev.tokenservice.testing.HostileServer.Mode;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers made to exhaust whoever reads them: the credentials' token endpoint, and any document. */
class HostileAnswersTest {

    private final HostileServer server = HostileServer.start();
    private final TestGoogle test = new TestGoogle();

    @AfterEach
    void close() {
        test.close();
        server.close();
    }

    /** What no reader of any document accepts. */
    static Set<Mode> refusedByTheTransport() {
        return EnumSet.complementOf(EnumSet.of(Mode.PROPER, Mode.HEADER_IN_TOKEN));
    }

    static Set<Mode> refusedAsAToken() {
        return EnumSet.complementOf(EnumSet.of(Mode.PROPER, Mode.HEADER_IN_TOKEN, Mode.REDIRECT));
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
    @MethodSource("refusedAsAToken")
    void credentials_hostileTokenEndpoint_temporarilyUnavailableAndWellAfterIt(Mode mode) {
        ServiceCredentials credentials = credentials();
        server.answer(mode);

        GoogleApiException failure = catchThrowableOfType(
                GoogleApiException.class, () -> credentials.headers(Deadline.after(Duration.ofSeconds(5))));
        server.answer(Mode.PROPER);

        assertThat(failure.status()).isEqualTo(503);
        assertThat(credentials.headers(Deadline.after(Duration.ofSeconds(5)))).containsKey("Authorization");
    }

    @Test
    void properAnswer_afterHostileOnes_read() throws IOException {
        server.answer(Mode.ENDLESS_HEADERS);
        assertThatThrownBy(() -> get()).isInstanceOf(IOException.class);
        server.answer(Mode.PROPER);

        assertThat(get()).contains("ya29");
    }

    private ServiceCredentials credentials() {
        GoogleCredentials key = ServiceAccountCredentials.newBuilder()
                .setClientEmail(FakeGoogle.SERVICE_ACCOUNT)
                .setPrivateKey(TestGoogle.KEY)
                .setTokenServerUri(URI.create(server.url() + "/token"))
                .setHttpTransportFactory(test.transport::http)
                .build();
        // With an audience of its own such a key signs its tokens itself, and asks nobody.
        return new ServiceCredentials(
                key.createScoped("https://www.googleapis.com/auth/cloud-platform")
                        .createWithCustomRetryStrategy(false),
                FakeGoogle.SERVICE_ACCOUNT,
                URI.create(server.url()),
                test.transport.background());
    }

    private String get() throws IOException {
        HttpResponse response = test.transport
                .http()
                .createRequestFactory()
                .buildGetRequest(new GenericUrl(server.url()))
                .setFollowRedirects(false)
                .execute();
        return response.parseAsString();
    }
}
