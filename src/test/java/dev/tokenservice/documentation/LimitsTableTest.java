package dev.tokenservice.documentation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.server.ServiceServerFactory;
import io.dropwizard.util.DataSize;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of threads and limits says what the code has, and each of its rows names a test that attacks it. */
class LimitsTableTest {

    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| (.+?) \\| (.+?) \\| ((?:`\\w+(?:Test|IT)`(?:, )?)+) \\|$");
    private static final Pattern LINE = Pattern.compile("(?m)^\\| .*\\|$");
    private static final int KIBI = 1024;

    /** A row by its name, and what it has to say. */
    record Row(String name, List<String> bounds) {

        @Override
        public String toString() {
            return name;
        }
    }

    private static Row row(String name, String... bounds) {
        return new Row(name, List.of(bounds));
    }

    static Stream<Row> rows() {
        return Stream.of(http(), tls(), google(), rest()).flatMap(List::stream);
    }

    private static List<Row> http() {
        String server = "server.ServerBuilder";
        return List.of(
                row("threads for requests", "8 to " + count(server, "MAX_THREADS") + ";"),
                row(
                        "connections",
                        connections("APPLICATION") + " on the application port",
                        connections("TLS") + " on the TLS port",
                        connections("ADMIN") + " on the admin port",
                        Duration.ofNanos((long) constant("server.OpenConnections", "LEAST_TIME"))
                                        .toMillis()
                                + " ms",
                        "more than " + count("server.BoundedConnector", "MAX_BEHIND") + " tasks wait for a thread"),
                row(
                        "memory of requests that are still arriving",
                        mebi(held("APPLICATION")) + " a port",
                        mebi(held("TLS")) + " a port",
                        mebi(held("ADMIN")) + " on the admin port"),
                row("TLS handshake, and time to begin the first request", phase("OPENED") + " from accept"),
                row("head of a request", phase("HEAD") + " from its first byte"),
                row(
                        "answer",
                        phase("ANSWER") + " from the complete request",
                        "the client has " + phase("CLOSING") + " to close"),
                row(
                        "answers that clients do not read",
                        count("server.OpenConnections", "MAX_UNREAD") + " on each port for clients"),
                row(
                        "requests that clients send without waiting for the answers",
                        "after " + count("server.BoundedHttpConnection", "MOST_AT_ONCE") + " in a row"),
                row(
                        "headers of a request",
                        count("server.RequestLimits", "MAX_HEADERS") + " fields",
                        "in " + kibi(((DataSize) constant(server, "MAX_HEADER_SIZE")).toBytes())),
                row(
                        "target of a request",
                        kibi(number("server.RequestLimits", "MAX_URI_LENGTH")) + ";",
                        count("oauth.Form", "MAX_PARAMETERS") + " parameters"),
                row("media types in `Accept`", count("api.ContentNegotiation", "MAX_MEDIA_TYPES")),
                row(
                        "body of a token request",
                        kibi(number("server.FormReader", "MAX_LENGTH")) + " in",
                        count("server.PieceLimit", "MAX_PIECES") + " pieces",
                        count("oauth.Form", "MAX_PARAMETERS") + " parameters",
                        phase("BODY") + " from the end of the head"),
                row("body of any other request on the ports for clients"),
                row("requests whose body is still arriving"),
                row(
                        "`Content-Type` of a token request",
                        count("api.ContentNegotiation", "MAX_CONTENT_TYPE") + " characters"),
                row("form of an admin task", kibi(number(server, "MAX_ADMIN_FORM"))),
                row(
                        "idle connection",
                        phase("IDLE") + ";",
                        seconds(constant(server, "IDLE_TIMEOUT_AT_STOP")) + " once"),
                row(
                        "memory or threads run out, or no thread is free for a minute",
                        "status " + count("telemetry.Exhaustion", "STATUS")));
    }

    private static List<Row> tls() {
        String encoded = "authentication.sources.EncodedCertificates";
        return List.of(
                row(
                        "TLS handshakes computed at the same time",
                        count("server.HandshakeTurns", "AT_ONCE") + ";",
                        "beyond " + count("server.BoundedConnector", "MAX_BEHIND")),
                row(
                        "certificate attributes",
                        count("identity.Names", "MAX_SANS") + " SANs of",
                        count("identity.Names", "MAX_SAN_LENGTH") + " bytes",
                        "a SPIFFE ID of " + count("identity.SpiffeId", "MAX_LENGTH")),
                row("ID token", kibi(number("token.TokenLimits", "MAX_LENGTH"))),
                row(
                        "certificates in a header or a handshake",
                        count(encoded, "MAX_CERTIFICATES") + ", in " + kibi(number(encoded, "MAX_LENGTH")),
                        count("x509.CertificationPath", "MAX_INTERMEDIATES") + " intermediates"),
                row(
                        "a message of a TLS handshake",
                        kibi(number("tls.JdkLimits", "MAX_HANDSHAKE_MESSAGE") / KIBI * KIBI) + " and "
                                + number("tls.JdkLimits", "MAX_HANDSHAKE_MESSAGE") % KIBI + " bytes"),
                row("TLS sessions kept for resumption", count("tls.ServerContext", "MAX_SESSIONS")),
                row(
                        "search for a chain",
                        count("x509.IssuerSearch", "MAX_SIGNATURES") + " signatures",
                        count("x509.CertificationPath", "MAX_PATHS") + " paths",
                        count("x509.Strength", "MAX_RSA_BITS") + " bits",
                        count("x509.Strength", "MAX_RSA_EXPONENT_BITS") + " bits"),
                row(
                        "verified chains",
                        count("x509.CertificateVerifier", "MAX_REMEMBERED") + " are remembered",
                        "for " + seconds(constant("x509.CertificateVerifier", "REMEMBERED"))));
    }

    private static List<Row> google() {
        String parser = "outbound.AnswerParser";
        Object limits = constant("outbound.GoogleTransport$Limits", "DEFAULT");
        return List.of(
                row("all calls to Google APIs for one token request", seconds(part(limits, "total")) + ","),
                row(
                        "attempts of a call",
                        count("google.GoogleCall", "ATTEMPTS") + " at most",
                        ((Duration) constant("google.FailedAttempt", "FIRST_BACKOFF")).toMillis() + " ms before"),
                row(
                        "one attempt",
                        seconds(part(limits, "connect")) + " each",
                        seconds(part(limits, "read")) + " for a read"),
                row("calls to Google APIs at the same time", part(limits, "connections") + ";"),
                row(
                        "connections to Google",
                        part(limits, "connections") + " a host",
                        "kept for " + ((Duration) constant("outbound.GoogleTransport", "KEEP_ALIVE")).toMinutes()
                                + " minutes"),
                row(
                        "head of an answer from STS, IAM, the metadata server or a token endpoint, or to `doctor`",
                        kibi(number(parser, "LONGEST_LINE")) + " a line",
                        count(parser, "MOST_HEADERS") + " headers",
                        kibi(number(parser, "MOST_HEAD_BYTES")) + " and",
                        count(parser, "MOST_INTERIM_ANSWERS") + " interim answers"),
                row(
                        "body of such an answer, also of an error",
                        kibi(((Number) part(limits, "responseBytes")).longValue()),
                        count("outbound.JsonBounds", "DEEPEST") + " levels deep"),
                row("a connection with unexpected bytes"),
                row("redirects of Google APIs"),
                row(
                        "name lookups",
                        count("outbound.GoogleTransport", "LOOKUPS") + " at the same time",
                        count("outbound.GoogleTransport", "MOST_WAITING_LOOKUPS") + " queued"));
    }

    private static List<Row> rest() {
        return List.of(
                row(
                        "signatures by a PKCS#11 token",
                        count("signing.pkcs11.HardwareToken", "IN_FLIGHT") + " at the same time",
                        count("signing.pkcs11.TokenAgent", "THREADS") + " threads",
                        seconds(constant("signing.pkcs11.HardwareToken", "PATIENCE")) + " for an answer"),
                row(
                        "refusals of one client certificate",
                        new ServiceServerFactory().refusalsPerClient() + " a minute by default",
                        count("api.RefusalCounts", "MAX_CLIENTS") + " certificates"),
                row("rate limits of clients", count("policy.RateLimits", "MAX_BUCKETS") + " buckets"),
                row(
                        "expressions of a policy",
                        count("policy.cel.Expressions", "MAX_LENGTH") + " characters",
                        count("policy.cel.ExpressionChecks", "MAX_DEPTH") + " levels",
                        count("policy.cel.Expressions", "MAX_ITERATIONS") + " rounds",
                        count("policy.cel.Budget", "OF_AN_EVALUATION") + " steps for each",
                        count("policy.cel.Budget", "OF_A_DECISION") + " for one decision",
                        count("policy.cel.Patterns", "MOST") + " instructions"),
                row(
                        "relying parties with `keys: uploaded`, and confirmations of a key",
                        count("policy.RelyingPartiesReader", "MOST_UPLOADED") + ";",
                        count("signing.KeyMetadata", "MOST_CONFIRMED") + ";",
                        kibi(number("signing.KeyMetadata", "MAX_SIZE")) + " at most"),
                row(
                        "problems of a policy that are told",
                        count("policy.PolicyProblems", "MOST"),
                        count("policy.PolicyProblems", "MAX_LENGTH") + " characters each"),
                row(
                        "rules and sets of a policy",
                        count("policy.RulesReader", "MAX_RULES") + " rules",
                        count("policy.PolicyFiles", "MAX_MEBIBYTES") + " MiB"),
                row(
                        "log lines about requests that are not HTTP, and about failed handshakes",
                        count("telemetry.LineBudget", "LINES_PER_SECOND") + " a second"),
                row(
                        "log lines queued for the console",
                        count("telemetry.ConsoleLines", "QUEUE_SIZE") + ", and "
                                + count("telemetry.ConsoleLines", "MAX_LINES_AT_ONCE")),
                row(
                        "audit lines queued for `AUDIT_FILE`",
                        count("telemetry.AuditFileAppender", "QUEUE_SIZE") + ";",
                        "waits " + seconds(constant("telemetry.AuditFileAppender", "PATIENCE"))),
                row(
                        "`AUDIT_FILE`",
                        count("telemetry.AuditFile", "MAX_MEBIBYTES") + " MiB in each of "
                                + count("telemetry.AuditFile", "MAX_FILES") + " files"),
                row("files", "after " + count("files.Watched", "LOOKS_OF_UNREST") + " looks"),
                row("one file", seconds(constant("files.WatchedFiles", "PATIENCE")) + " at start-up"),
                row(
                        "kind and size of files",
                        count("x509.CertificateFile", "MAX_MEBIBYTES") + " MiB for certificates",
                        count("x509.DeniedCertificateReader", "MAX_MEBIBYTES") + " MiB for denied certificates",
                        mebi(number("configuration.YamlText", "MAX_BYTES")) + " for config.yml",
                        count("configuration.PlainYaml", "MAX_DEPTH") + " levels"),
                row(
                        "a fetched revocation list",
                        mebi(((Number) part(constant("outbound.Download", "LIMITS"), "responseBytes")).longValue()),
                        seconds(part(constant("outbound.Download", "LIMITS"), "total")) + " with all redirects",
                        count("outbound.Download", "MAX_REDIRECTS") + " of these"),
                row(
                        "revocation lists fetched at the same time",
                        count("x509.RevocationFetching", "THREADS") + ",",
                        count("x509.RevocationFetching", "MAX_QUEUED") + " queued",
                        count("policy.CrlReader", "MAX_URLS") + " URLs for each authority",
                        count("x509.DistributionPoints", "MAX_URLS") + " that certificates name"),
                row("log lines about lists that cannot be fetched"),
                row(
                        "cache of revocation lists",
                        count("x509.ListCache", "MAX_MEBIBYTES") + " MiB",
                        seconds(constant("x509.ListCache", "PATIENCE"))),
                row(
                        "shutdown",
                        seconds(constant("health.Readiness", "NOTICE_OF_STOP")) + ", then",
                        seconds(constant("server.ServerBuilder", "STOP_TIMEOUT")) + " to end"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void row_saysWhatTheCodeHas(Row row) throws IOException {
        String bounds = table().getOrDefault(row.name(), "");

        assertThat(row.bounds()).allMatch(bounds::contains, "is said in " + bounds);
    }

    @Test
    void table_everyRow_namesATestAndIsHeldToTheCode() throws IOException {
        List<String> lines = LINE.matcher(section())
                .results()
                .map(line -> line.group())
                .skip(1)
                .toList();

        assertThat(lines)
                .hasSizeGreaterThan(30)
                .allMatch(line -> ROW.matcher(line).matches());
        assertThat(table().keySet())
                .containsExactlyInAnyOrderElementsOf(rows().map(Row::name).toList());
    }

    private static Map<String, String> table() throws IOException {
        Map<String, String> table = new LinkedHashMap<>();
        ROW.matcher(section()).results().forEach(row -> table.put(row.group(1), row.group(2)));
        return table;
    }

    private static String section() throws IOException {
        String page = Files.readString(Path.of("docs/architecture.md"), UTF_8);
        return page.replaceFirst("(?s)^.*\n## Threads and limits\n", "").replaceFirst("(?s)\n## .*$", "");
    }

    /** A constant of a class of the service, which may be private: the page and this test are all who read it from outside. */
    private static Object constant(String type, String name) {
        try {
            Field field = Class.forName("dev.tokenservice." + type).getDeclaredField(name);
            field.setAccessible(true);
            return field.get(null);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(type + " has no constant " + name, e);
        }
    }

    private static Object part(Object owner, String accessor) {
        try {
            Method method = owner.getClass().getDeclaredMethod(accessor);
            method.setAccessible(true);
            return method.invoke(owner);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(owner + " has no " + accessor, e);
        }
    }

    private static long number(String type, String name) {
        return ((Number) constant(type, name)).longValue();
    }

    private static String count(String type, String name) {
        return count(number(type, name));
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String connections(String port) {
        Object limits = constant("server.ServerBuilder", port);
        return count(((Number) part(limits, "connections")).longValue());
    }

    private static long held(String port) {
        Object limits = constant("server.ServerBuilder", port);
        return ((Number) part(limits, "heldBytes")).longValue();
    }

    private static String phase(String name) {
        return seconds(part(constant("server.Phase", name), "limit"));
    }

    private static String kibi(long bytes) {
        assertThat(bytes % KIBI).isZero();
        return bytes / KIBI + " KiB";
    }

    private static String mebi(long bytes) {
        return kibi(bytes).replaceFirst("^.* KiB$", bytes / KIBI / KIBI + " MiB");
    }

    private static String seconds(Object duration) {
        long millis = duration instanceof io.dropwizard.util.Duration ofDropwizard
                ? ofDropwizard.toMilliseconds()
                : ((Duration) duration).toMillis();
        return (millis % 1000 == 0 ? String.valueOf(millis / 1000) : String.valueOf(millis / 1000.0)) + " s";
    }
}
