package dev.tokenservice.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.JsonNode;
import dev.tokenservice.testing.Answers;
import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Request;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.TestCertificates;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestLog;
import dev.tokenservice.testing.TestService;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.jetty.ee10.servlet.ServletHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators see, where they see it, and where nobody does. */
class AdminPortIT {

    private static final Headers GOOD = TestLoadBalancer.verified(TestCertificates.authority("Test CA")
            .client()
            .uri("spiffe://example.org/robot")
            .issue());

    private static final String ISSUED =
            "token_service_tokens_issued_total{flow=xlb-mtls-client-credentials,kind=id_token}";
    private static final String REFUSED =
            "token_service_tokens_refused_total{error=invalid_client,reason_code=no_certificate}";

    private final TestService service = TestService.shared();

    @Test
    void healthcheck_namesEachCheck() {
        Response answer = service.sendToAdmin(Request.get("/healthcheck"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("signing-key").path("healthy").booleanValue())
                .isTrue();
        assertThat(answer.json().path("signing-key").path("message").textValue())
                .contains("ES256");
    }

    @Test
    void metrics_countDecisions() {
        long issued = count(ISSUED);
        long refused = count(REFUSED);

        service.token(GOOD);
        service.token(TestLoadBalancer.withoutCertificate());

        assertThat(count(ISSUED)).isEqualTo(issued + 1);
        assertThat(count(REFUSED)).isEqualTo(refused + 1);
    }

    private long count(String counter) {
        JsonNode metrics = service.sendToAdmin(Request.get("/metrics")).json();
        return metrics.path("gauges")
                .path("token-service")
                .path("value")
                .path(counter)
                .asLong();
    }

    @Test
    void prometheus_showsThemWithLabels() {
        service.token(GOOD);
        service.token(TestLoadBalancer.withoutCertificate());

        Response answer = service.sendToAdmin(Request.get("/prometheus"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("content-type")).startsWith("text/plain; version=0.0.4");
        assertThat(answer.body())
                .contains("# TYPE token_service_tokens_issued_total counter")
                .containsPattern(
                        "token_service_tokens_issued_total\\{flow=\"xlb-mtls-client-credentials\",kind=\"id_token\"} [0-9.]+")
                .containsPattern(
                        "token_service_tokens_refused_total\\{error=\"invalid_client\",reason_code=\"no_certificate\"} [0-9.]+")
                .doesNotContain("spiffe://");
    }

    @Test
    void pingThreadsAndTasks_answer() {
        assertThat(service.sendToAdmin(Request.get("/ping")).body().strip()).isEqualTo("pong");
        assertThat(service.sendToAdmin(Request.get("/threads")).body()).contains("main");
        assertThat(service.sendToAdmin(Request.of("POST", "/tasks/gc")).status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nothing", "/pprof", "/pprof?duration=1"})
    void unknownPath_isAnsweredInJson(String path) {
        Answers.assertError(service.sendToAdmin(Request.get(path)), 404, "invalid_request");
    }

    @Test
    void index_everyServletAndTask_isNamed() {
        String index = service.sendToAdmin(Request.get("/")).body();
        List<String> tasks = service.sendToAdmin(Request.get("/tasks"))
                .body()
                .lines()
                .filter(line -> !line.isBlank())
                .toList();

        assertThat(adminServlets()).hasSizeGreaterThanOrEqualTo(4).allMatch(path -> index.contains(">" + path + "<"));
        assertThat(tasks).hasSizeGreaterThanOrEqualTo(3).allMatch(task -> index.contains("<li>/tasks/" + task + ":"));
        assertThat(Pattern.compile("<li>/tasks/").matcher(index).results()).hasSize(tasks.size());
    }

    /** The paths that servlets are mapped to; Dropwizard's own, which has all others, has four. */
    private Set<String> adminServlets() {
        Set<String> paths = new TreeSet<>(List.of("/healthcheck", "/metrics", "/ping", "/threads"));
        for (ServletHandler handler : service.server().getDescendants(ServletHandler.class)) {
            if (Stream.of(handler.getServletMappings())
                    .anyMatch(mapping -> mapping.getServletName().equals("index"))) {
                Stream.of(handler.getServletMappings())
                        .flatMap(mapping -> Stream.of(mapping.getPathSpecs()))
                        .map(path -> path.replaceFirst("/\\*$", ""))
                        .filter(path -> path.length() > 1)
                        .forEach(paths::add);
            }
        }
        return paths;
    }

    @Test
    void index_everyLink_leadsSomewhere() {
        assertThat(Pattern.compile("href=\"([^\"]+)\"")
                        .matcher(service.sendToAdmin(Request.get("/")).body())
                        .results()
                        .map(link -> link.group(1)))
                .hasSize(6)
                .allSatisfy(link -> assertThat(
                                service.sendToAdmin(Request.get(link)).status())
                        .isEqualTo(200));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/healthcheck",
                "/metrics",
                "/prometheus",
                "/ping",
                "/threads",
                "/tasks",
                "/tasks/reload",
                "/tasks/gc"
            })
    void adminPath_isNotOnTheApplicationPort(String path) {
        Answers.assertError(service.send(Request.get(path)), 404, "invalid_request");
        Answers.assertError(service.send(Request.of("POST", path)), 404, "invalid_request");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /nothing, 404, / lists its pages",
        "POST, /tasks/nothing, 404, / lists its pages",
        "GET, /tasks/gc, 405, tasks accept POST",
        "DELETE, /metrics, 405, tasks accept POST",
    })
    void refusal_tellsWhatThereIsOnTheAdminPort(String method, String path, int status, String description) {
        Response answer = service.sendToAdmin(Request.of(method, path));

        Answers.assertError(answer, status, "invalid_request");
        assertThat(answer.text("error_description")).contains(description).doesNotContain("/token");
    }

    @Test
    void task_askedWithAnotherMethod_namesTheOneThatItTakes() {
        assertThat(service.sendToAdmin(Request.get("/tasks/gc")).header("allow"))
                .isEqualTo("POST");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/token", "/.well-known/openid-configuration", "/health-check"})
    void applicationPath_isNotOnTheAdminPort(String path) {
        assertThat(service.sendToAdmin(Request.get(path)).status()).isEqualTo(404);
        assertThat(service.sendToAdmin(Request.post(path, "grant_type", "client_credentials")
                                .headers(GOOD))
                        .status())
                .isEqualTo(404);
    }

    @Test
    void adminPort_isOpenToThisMachineOnly() throws IOException {
        List<InetAddress> others = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                .toList();
        for (InetAddress address : others) {
            assertThat(isOpen(address, service.adminPort())).as("%s", address).isFalse();
        }
        assertThat(isOpen(InetAddress.getLoopbackAddress(), service.adminPort()))
                .isTrue();
    }

    private static boolean isOpen(InetAddress address, int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 1000);
            return true;
        } catch (ConnectException | SocketTimeoutException e) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?type=alive", "?type=ready"})
    void healthCheck_running_isWell(String query) {
        Response answer = service.send(Request.get("/health-check" + query));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("content-type")).startsWith("application/json");
        assertThat(answer.json().path("status").textValue()).isEqualTo("up");
        assertThat(answer.json().path("type").textValue()).isEqualTo(query.endsWith("alive") ? "alive" : "ready");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "type=bogus",
                "type=",
                "type",
                "type=READY",
                "type=ready&type=ready",
                "type=alive&type=ready",
                "type=ready,alive",
                "a=b&type=%61live%20"
            })
    void healthCheck_typeMalformedOrRepeated_isRefused(String query) {
        Answers.assertError(service.send(Request.get("/health-check?" + query)), 400, "invalid_request");
    }

    @Test
    void requestLog_probesAndScrapesThatWentWell_areQuiet() throws Exception {
        try (TestLog log = new TestLog()) {
            service.send(Request.get("/health-check?type=ready"));
            service.sendToAdmin(Request.get("/prometheus"));
            service.send(Request.get("/health-check?type=bogus"));
            service.send(Request.get("/.well-known/jwks.json"));

            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
            while (!requestsTold(log).contains("200 /.well-known/jwks.json") && System.nanoTime() < end) {
                Thread.sleep(10);
            }
            assertThat(requestsTold(log))
                    .contains("400 /health-check", "200 /.well-known/jwks.json")
                    .doesNotContain("200 /health-check", "200 /prometheus");
        }
    }

    /** The lines at INFO: another test may have lowered the level. */
    private static List<String> requestsTold(TestLog log) {
        return log.of("request").stream()
                .filter(line -> line.getLevel().isGreaterOrEqual(Level.INFO))
                .map(TestLog::fields)
                .map(fields -> fields.get("status") + " " + fields.get("path"))
                .toList();
    }
}
