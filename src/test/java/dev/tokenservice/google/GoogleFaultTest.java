package dev.tokenservice.google;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tokenservice.google.FakeGoogle.Call;
import dev.tokenservice.oauth.OAuthError;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.outbound.Deadline;
import dev.tokenservice.outbound.GoogleTransport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way to fail, on every call: the right answer in time, and the next call succeeds. */
@Execution(ExecutionMode.CONCURRENT)
class GoogleFaultTest {

    private static final String AUDIENCE =
            "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/x";
    private static final String SCOPE = "https://www.googleapis.com/auth/cloud-platform";
    private static final String ACCOUNT = "target@project.iam.gserviceaccount.com";

    private final TestGoogle test = new TestGoogle();
    private final FakeGoogle google = test.google;
    private final TestIssuer issuer = new TestIssuer();
    private final ServiceCredentials credentials = test.credentials();
    private final String bearer;
    private final Map<Call, Function<Deadline, Object>> calls;

    GoogleFaultTest() {
        google.sts().addProvider(AUDIENCE, issuer.url());
        google.iam().grantImpersonation(ACCOUNT, "client");
        bearer = exchange(TestGoogle.patient()).value();
        calls = Map.of(
                Call.SIGN_JWT, this::sign,
                Call.STS, this::exchange,
                Call.GENERATE_ACCESS_TOKEN, this::impersonate);
    }

    @AfterEach
    void close() {
        issuer.close();
        test.close();
    }

    static List<Arguments> faults() {
        return List.of(
                Arguments.of("500", Fault.status(500, "INTERNAL", "internal"), 503),
                Arguments.of("502 from a proxy", Fault.body(502, "text/html", "<html>Bad Gateway</html>"), 503),
                Arguments.of("503", Fault.status(503, "UNAVAILABLE", "unavailable"), 503),
                Arguments.of("504", Fault.status(504, "DEADLINE_EXCEEDED", "late"), 503),
                Arguments.of("429", Fault.status(429, "RESOURCE_EXHAUSTED", "quota"), 429),
                Arguments.of("501", Fault.header(501, "X-Any", "any"), 503),
                Arguments.of("204", Fault.header(204, "X-Any", "any"), 503),
                Arguments.of("redirect", Fault.header(302, "Location", "https://localhost/"), 503),
                Arguments.of("dropped connection", Fault.DROP, 503),
                Arguments.of("no answer", Fault.HANG, 503),
                Arguments.of("trickle", Fault.TRICKLE, 503),
                Arguments.of("truncated body", Fault.TRUNCATED, 503),
                Arguments.of("truncated JSON", Fault.CUT_JSON, 503),
                Arguments.of("HTML", Fault.HTML, 503),
                Arguments.of("empty", Fault.EMPTY, 503),
                Arguments.of("null", Fault.NULL, 503),
                Arguments.of("null members", Fault.NULL_MEMBERS, 503),
                Arguments.of("wrong types", Fault.WRONG_TYPES, 503),
                Arguments.of("endless", Fault.ENDLESS, 503));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void everyCall_fault_answerInTimeAndSuccessAfterIt(String name, Fault fault, int status) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(calls.size());
        calls.keySet().forEach(call -> google.fail(call, fault));
        // What comes too late is a 503: where another status is expected, a busy machine gets more time.
        Supplier<Deadline> deadline = status == 503 ? TestGoogle::soon : TestGoogle::patient;
        for (Future<Refusal> outcome : threads.invokeAll(calls.values().stream()
                .map(call -> (java.util.concurrent.Callable<Refusal>) () -> failure(call, deadline.get()))
                .toList())) {
            assertThat(outcome.get().status()).isEqualTo(status);
            assertThat(outcome.get().error()).isEqualTo(OAuthError.TEMPORARILY_UNAVAILABLE);
            assertThat(outcome.get().retryAfter()).isPresent();
            assertThat(outcome.get().detail()).isPresent();
        }
        threads.shutdown();

        google.heal();

        assertThat(sign(TestGoogle.patient())).isNotEmpty();
        assertThat(exchange(TestGoogle.patient()).value()).isNotEmpty();
        assertThat(impersonate(TestGoogle.patient()).value()).isNotEmpty();
    }

    @Test
    void everyCall_oneDroppedConnection_retried() {
        calls.forEach((call, run) -> {
            google.failOnce(call, Fault.DROP);
            assertThat(run.apply(TestGoogle.patient())).isNotNull();
        });
    }

    @Test
    void signJwt_promisedLimitsAndTrickle_answerWithinTenSeconds() {
        try (TestGoogle patient = new TestGoogle(GoogleTransport.Limits.DEFAULT)) {
            ServiceCredentials own = patient.credentials();
            patient.google.fail(Call.SIGN_JWT, Fault.TRICKLE);
            Instant start = Instant.now();

            Refusal failure = catchThrowableOfType(
                            RefusedException.class,
                            () -> patient.clients
                                    .iamCredentials()
                                    .signJwt(own, claims(), Deadline.after(Deadline.OF_A_REQUEST)))
                    .refusal();

            assertThat(failure.status()).isEqualTo(503);
            assertThat(Duration.between(start, Instant.now()))
                    .isBetween(Duration.ofSeconds(8), Duration.ofMillis(9_500));
        }
    }

    private static Refusal failure(Function<Deadline, Object> call, Deadline deadline) {
        Instant start = Instant.now();
        Refusal failure = catchThrowableOfType(RefusedException.class, () -> call.apply(deadline))
                .refusal();
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(5));
        return failure;
    }

    private String sign(Deadline deadline) {
        return test.clients.iamCredentials().signJwt(credentials, claims(), deadline);
    }

    private static String claims() {
        return "{\"exp\":" + Instant.now().plusSeconds(300).getEpochSecond() + "}";
    }

    private AccessToken exchange(Deadline deadline) {
        return test.clients.sts().exchange(issuer.token(AUDIENCE, "client"), AUDIENCE, SCOPE, deadline);
    }

    private AccessToken impersonate(Deadline deadline) {
        return test.clients
                .iamCredentials()
                .generateAccessToken(ACCOUNT, List.of(SCOPE), Duration.ofHours(1), bearer, deadline);
    }
}
