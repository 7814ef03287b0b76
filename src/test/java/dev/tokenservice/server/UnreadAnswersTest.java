package dev.tokenservice.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.testing.Http;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.Response;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers of any handler, as their clients get them. */
class UnreadAnswersTest {

    private static final int THREADS = 10;

    private final CompletableFuture<String> end = new CompletableFuture<>();

    private interface Maker {
        void make(org.eclipse.jetty.server.Response response, Callback callback) throws Exception;
    }

    private Response answer(String method, Maker maker) throws Exception {
        Handler handler = new Handler.Abstract() {
            @Override
            public boolean handle(
                    org.eclipse.jetty.server.Request request,
                    org.eclipse.jetty.server.Response response,
                    Callback callback)
                    throws Exception {
                org.eclipse.jetty.server.Request.addCompletionListener(
                        request, failure -> end.complete(String.valueOf(failure)));
                maker.make(response, callback);
                return true;
            }
        };
        try (TestServer server = new TestServer(THREADS, new UnreadAnswers(handler))) {
            Response answer = Http.send(server.port(), Request.of(method, "/"));
            end();
            return answer;
        }
    }

    private String end() throws Exception {
        return end.get(10, TimeUnit.SECONDS);
    }

    private static ByteBuffer bytes(int count) {
        byte[] bytes = new byte[count];
        Arrays.fill(bytes, (byte) 'a');
        return ByteBuffer.wrap(bytes);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 10_000, BufferedAnswer.MOST / 2, BufferedAnswer.MOST, 3 * BufferedAnswer.MOST})
    void answer_inParts_arrivesOnce(int length) throws Exception {
        Response answer = answer("GET", (response, callback) -> {
            ByteBuffer part = bytes(length);
            Content.Sink.write(response, false, part);
            assertThat(part.hasRemaining()).isFalse();
            Content.Sink.write(response, false, ByteBuffer.allocate(0));
            Content.Sink.write(response, true, bytes(length));
            callback.succeeded();
        });

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("a".repeat(2 * length));
        assertThat(end()).isEqualTo("null");
    }

    @Test
    void answer_withoutALastPart_isComplete() throws Exception {
        Response answer = answer("GET", (response, callback) -> response.write(false, bytes(100), callback));

        assertThat(answer.header("content-length")).isEqualTo("100");
        assertThat(answer.body()).isEqualTo("a".repeat(100));
        assertThat(end()).isEqualTo("null");
    }

    @Test
    void answer_ofNothing_isComplete() throws Exception {
        Response answer = answer("GET", (response, callback) -> {
            response.setStatus(307);
            callback.succeeded();
        });

        assertThat(answer.status()).isEqualTo(307);
        assertThat(answer.header("content-length")).isEqualTo("0");
        assertThat(end()).isEqualTo("null");
    }

    @Test
    void answer_toHead_hasNoBody() throws Exception {
        Response answer = answer("HEAD", (response, callback) -> {
            response.getHeaders().put("Content-Length", 100);
            response.write(true, bytes(100), callback);
        });

        assertThat(answer.header("content-length")).isEqualTo("100");
        assertThat(answer.body()).isEmpty();
        assertThat(end()).isEqualTo("null");
    }

    @Test
    void maker_thatFailsInTheMiddle_isAnErrorAndNotHalfAnAnswer() throws Exception {
        Response answer = answer("GET", (response, callback) -> {
            Content.Sink.write(response, false, bytes(100));
            throw new IllegalStateException("in the middle");
        });

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.body()).doesNotContain("aaa");
    }

    @Test
    void maker_thatGoesOnAfterTheEnd_changesNothing() throws Exception {
        CompletableFuture<String> more = new CompletableFuture<>();
        Response answer = answer("GET", (response, callback) -> {
            Content.Sink.write(response, true, bytes(100));
            Content.Sink.write(response, true, ByteBuffer.allocate(0));
            response.write(
                    true, bytes(1), Callback.from(() -> more.complete("taken"), failure -> more.complete("refused")));
            callback.succeeded();
            callback.failed(new IllegalStateException("too late"));
        });

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("a".repeat(100));
        assertThat(more.get(10, TimeUnit.SECONDS)).isEqualTo("refused");
        assertThat(end()).isEqualTo("null");
    }
}
