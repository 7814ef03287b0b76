package dev.tokenservice.x509;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.tokenservice.oauth.Refusal;
import dev.tokenservice.outbound.Download;
import dev.tokenservice.outbound.TestDownloads;
import dev.tokenservice.outbound.Validators;
import dev.tokenservice.testing.Eventually;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestClock;
import dev.tokenservice.testing.TestListServer;
import dev.tokenservice.testing.TestListServer.Reply;
import dev.tokenservice.testing.TestLog;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.bouncycastle.cert.CertIOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists that are fetched over HTTP, from servers that mean well and from all others. */
class RevocationFetchingTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    Path folder;

    private final TestListServer server = TestListServer.start();
    private final TestAuthority root = TestAuthority.root("Root CA");
    private final X509Certificate client = root.client("spiffe://example.org/w").certificate();
    private final TestClock clock = new TestClock();
    private final AtomicLong nanoTime = new AtomicLong();
    private final Map<String, Integer> outcomes = new ConcurrentHashMap<>();
    private RevocationFetching fetching = fetching(TestDownloads.impatient());

    private RevocationFetching fetching(Download downloads) {
        return new RevocationFetching(
                downloads,
                clock,
                nanoTime::get,
                () -> 0.5,
                new FetchReports(
                        clock,
                        nanoTime::get,
                        (authority, outcome) -> outcomes.merge(outcome.label(), 1, Integer::sum)));
    }

    @AfterEach
    void close() {
        fetching.close();
        server.close();
    }

    private FetchSettings settings(boolean tolerates, Optional<Path> cache, String... paths) {
        return new FetchSettings(
                Stream.of(paths).map(server::url).map(URI::create).toList(),
                Duration.ofHours(1),
                DAY,
                tolerates,
                cache,
                Set.of());
    }

    private FetchedLists lists(String... paths) {
        return lists(settings(false, Optional.empty(), paths), root);
    }

    private FetchedLists cached(Path cache) {
        return lists(settings(false, Optional.of(cache), "/a.crl"), root);
    }

    private FetchedLists lists(FetchSettings settings, TestAuthority authority, X509CRL... files) {
        return new FetchedLists(
                "factory",
                settings,
                new TrustBundle(List.of(authority.certificate()), List.of()),
                List.of(files),
                clock);
    }

    private Optional<Refusal> refusal(FetchedLists lists) {
        return lists.get().refusal(client, root.certificate(), true, clock.instant());
    }

    private String state(FetchedLists lists) {
        return refusal(lists)
                .map(refusal -> refusal.status() + " " + refusal.reason().code())
                .orElse("good");
    }

    private X509CRL issued(Duration ago, X509Certificate... revoked) {
        return root.revoke(
                DAY, list -> list.setThisUpdate(Date.from(Instant.now().minus(ago))), revoked);
    }

    /** Has each list fetched for the first time, and waits for the end of it: before, the next time is not known. */
    private void fetchFirst(FetchedLists lists) {
        int before = ended();
        fetching.follow(List.of(lists), PATIENCE);
        Eventually.within(PATIENCE, before + lists.statuses(clock.instant()).size(), this::ended);
    }

    /** Has everything fetched that is due by then, and waits until it is. */
    private void fetchAfter(Duration time) {
        int before = ended();
        nanoTime.addAndGet(time.toNanos());
        fetching.tick();
        Eventually.within(PATIENCE, true, () -> ended() > before);
    }

    private int ended() {
        return outcomes.values().stream().mapToInt(Integer::intValue).sum();
    }

    @Test
    void list_isFetchedAndAskedForAgain_andANewOneIsInForceImmediately() {
        server.publish("/a.crl", issued(Duration.ofHours(2)));
        FetchedLists lists = lists("/a.crl");
        assertThat(state(lists)).isEqualTo("503 revocation_unknown");
        String nothing = FetchedContent.of(List.of(lists));

        fetchFirst(lists);
        assertThat(state(lists)).isEqualTo("good");
        long version = lists.version();
        String content = FetchedContent.of(List.of(lists));
        assertThat(content).matches("[0-9a-f]{12}").isNotEqualTo(nothing);

        fetchAfter(Duration.ofHours(1));
        assertThat(server.requests().get(1).ifNoneMatch()).isPresent();
        assertThat(lists.version()).isEqualTo(version);

        server.publish("/a.crl", issued(Duration.ofHours(1), client));
        fetchAfter(Duration.ofHours(1));
        assertThat(state(lists)).isEqualTo("401 revoked");
        assertThat(lists.version()).isGreaterThan(version);
        assertThat(FetchedContent.of(List.of(lists))).isNotEqualTo(content);
        assertThat(outcomes).isEqualTo(Map.of("fetched", 2, "unchanged", 1));
    }

    /** A client that comes between the end of the first fetch and its effect can come again, as before the fetch. */
    @Test
    void list_thatIsTakenAndNotYetInForce_isStillAwaited() {
        FetchedLists lists = lists("/a.crl");
        ListSource source = lists.sources().iterator().next();

        source.take(new ListSource.Taken(issued(Duration.ofHours(2)), clock.instant(), Validators.NONE));
        assertThat(state(lists)).isEqualTo("503 revocation_unknown");
        assertThat(lists.isBeginning()).isTrue();

        lists.publish(true);
        assertThat(state(lists)).isEqualTo("good");
        assertThat(lists.isBeginning()).isFalse();
    }

    @Test
    void fetch_isDueBetweenEightAndTenTenthsOfItsTime() {
        server.publish("/a.crl", issued(Duration.ofHours(2)));
        fetchFirst(lists("/a.crl"));

        nanoTime.addAndGet(Duration.ofMinutes(53).toNanos());
        fetching.tick();
        assertThat(server.requests()).hasSize(1);
        fetchAfter(Duration.ofMinutes(1));
        assertThat(server.requests()).hasSize(2);
    }

    /** Seconds at first, and then once a minute at most. */
    @Test
    void fetch_thatFails_isTriedAgainSooner() {
        fetchFirst(lists("/a.crl"));

        for (int i = 1; i <= 10; i++) {
            fetchAfter(Duration.ofSeconds(Math.min(1L << (i - 1), 60)));
            assertThat(server.requests()).hasSize(i + 1);
        }
        assertThat(outcomes).containsOnlyKeys("answer");
    }

    private Map<String, Reply> lies() throws Exception {
        TestAuthority namesake = TestAuthority.root("Root CA");
        X509CRL delta = root.revoke(DAY, list -> add(list, Extension.deltaCRLIndicator, new ASN1Integer(1)));
        X509CRL users = root.revoke(DAY, list -> {
            list.setThisUpdate(Date.from(Instant.now()));
            add(
                    list,
                    Extension.issuingDistributionPoint,
                    new IssuingDistributionPoint(null, false, true, null, false, false));
        });
        X509CRL ofTheFuture = root.revoke(
                DAY, list -> list.setThisUpdate(Date.from(Instant.now().plus(Duration.ofHours(1)))));
        byte[] good = issued(Duration.ZERO).getEncoded();
        byte[] forged = good.clone();
        forged[forged.length - 1] ^= 1;
        return Map.ofEntries(
                Map.entry("answers with the status 500", Reply.of(500)),
                Map.entry("answers with the status 206", Reply.of(206, good)),
                Map.entry("answers 304 to a request without a condition", Reply.of(304)),
                Map.entry("is not a certificate revocation list", Reply.of(200, "<!DOCTYPE html>".getBytes(US_ASCII))),
                Map.entry("is not a certificate revocation list in DER or PEM", Reply.of(200)),
                Map.entry("longer than 8388608 bytes", Reply.of(200, new byte[10_000_000])),
                Map.entry("compressed", new Reply(200, Map.of("Content-Encoding", "gzip"), good)),
                Map.entry("redirects more than 3 times", Reply.redirect("/a.crl")),
                Map.entry(
                        "which is not a CA of the authority",
                        der(TestAuthority.root("Other").revoke(DAY))),
                Map.entry("is not signed with the key of CN=Root CA", der(namesake.revoke(DAY))),
                Map.entry("is not signed with the key", Reply.of(200, forged)),
                Map.entry("is older than the list in force", der(issued(Duration.ofDays(2)))),
                Map.entry("is a list of the future", der(ofTheFuture)),
                Map.entry("is a delta list", der(delta)),
                Map.entry("has another issuer or scope", der(users)),
                Map.entry(
                        "holds 2 lists",
                        Reply.of(
                                200,
                                TestAuthority.pem(issued(Duration.ZERO), issued(Duration.ZERO))
                                        .getBytes(US_ASCII))));
    }

    private static Reply der(X509CRL list) throws Exception {
        return Reply.of(200, list.getEncoded());
    }

    private static void add(
            org.bouncycastle.cert.X509v2CRLBuilder list,
            org.bouncycastle.asn1.ASN1ObjectIdentifier kind,
            org.bouncycastle.asn1.ASN1Encodable value) {
        try {
            list.addExtension(kind, true, value);
        } catch (CertIOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void server_thatLies_doesNotReplaceTheLastGoodList() throws Exception {
        for (Map.Entry<String, Reply> lie : lies().entrySet()) {
            FetchedLists lists = lists("/a.crl");
            server.answer(
                    "/a.crl", Reply.of(200, issued(Duration.ofHours(2), client).getEncoded()));
            fetching.close();
            fetching = fetching(TestDownloads.patient());
            fetchFirst(lists);
            assertThat(state(lists)).isEqualTo("401 revoked");

            server.answer("/a.crl", lie.getValue());
            fetchAfter(Duration.ofHours(1));

            assertThat(state(lists)).as(lie.getKey()).isEqualTo("401 revoked");
            assertThat(lists.statuses(clock.instant())).singleElement().satisfies(status -> {
                assertThat(status.problem()).get().asString().contains(lie.getKey());
                assertThat(status.state()).isEqualTo(SourceState.CURRENT);
            });
        }
    }

    @Test
    void server_thatHangs_delaysNoOther() {
        server.hang("/hangs.crl");
        server.publish("/a.crl", issued(Duration.ofHours(2)));
        FetchedLists hangs = lists("/hangs.crl");
        FetchedLists lists = lists("/a.crl");

        fetching.follow(List.of(hangs, lists), Duration.ofMillis(100));
        Eventually.within(PATIENCE, "good", () -> state(lists));
        Eventually.within(PATIENCE, 1, () -> outcomes.getOrDefault("unreachable", 0));
        assertThat(refusal(hangs)).get().satisfies(refusal -> {
            assertThat(refusal.status()).isEqualTo(503);
            assertThat(refusal.retryAfter()).isPresent();
        });
    }

    @Test
    void mirror_thatIsDown_isNotMissed() {
        server.publish("/a.crl", issued(Duration.ofHours(2)));
        FetchedLists lists = lists("/a.crl", "/down.crl");

        fetching.follow(List.of(lists), PATIENCE);
        assertThat(state(lists)).isEqualTo("good");
        assertThat(lists.statuses(clock.instant()))
                .extracting(SourceStatus::state)
                .containsExactly(SourceState.CURRENT, SourceState.MISSING);
    }

    /** Above an intermediate: whether that one is revoked is only known with the list of the root. */
    @Test
    void list_ofAnAuthorityAbove_isWaitedFor() {
        TestAuthority intermediate = root.intermediate("Intermediate CA", 0);
        X509Certificate below = intermediate.client("spiffe://example.org/w").certificate();
        FetchedLists lists = new FetchedLists(
                "factory",
                settings(false, Optional.empty(), "/root.crl", "/intermediate.crl"),
                new TrustBundle(List.of(root.certificate()), List.of(intermediate.certificate())),
                List.of(),
                clock);
        server.publish("/intermediate.crl", intermediate.revoke(DAY));
        fetchFirst(lists);

        assertThat(lists.get().refusal(below, intermediate.certificate(), true, clock.instant()))
                .isEmpty();
        assertThat(lists.get().refusal(intermediate.certificate(), root.certificate(), false, clock.instant()))
                .get()
                .extracting(Refusal::status)
                .isEqualTo(503);
        server.publish("/root.crl", root.revoke(DAY, intermediate.certificate()));
        fetchAfter(Duration.ofHours(1));
        Eventually.within(
                PATIENCE,
                401,
                () -> lists.get()
                        .refusal(intermediate.certificate(), root.certificate(), false, clock.instant())
                        .map(Refusal::status)
                        .orElse(200));
    }

    @Test
    void lists_ofFiles_countBesideThoseThatAreFetched() {
        FetchedLists lists = lists(settings(false, Optional.empty(), "/down.crl"), root, root.revoke(DAY));

        fetching.follow(List.of(lists), PATIENCE);
        assertThat(state(lists)).isEqualTo("good");
        assertThat(state(lists(settings(false, Optional.empty(), "/a.crl"), root, root.revoke(DAY, client))))
                .isEqualTo("401 revoked");
    }

    @Test
    void list_thatIsOutOfDate_countsOnlyAsThePolicySays() {
        server.publish("/a.crl", root.revoke(Duration.ofDays(7)));
        FetchedLists strict = lists("/a.crl");
        FetchedLists tolerant = lists(settings(true, Optional.empty(), "/a.crl"), root);
        fetching.follow(List.of(strict), PATIENCE);
        fetching.follow(List.of(tolerant), PATIENCE);
        fetching.follow(List.of(strict), PATIENCE);
        server.answer("/a.crl", Reply.of(500));

        clock.ahead(Duration.ofHours(23));
        assertThat(state(strict)).isEqualTo("good");
        long version = strict.version();
        clock.ahead(Duration.ofHours(25));
        strict.look(clock.instant());
        assertThat(strict.version()).isGreaterThan(version);
        assertThat(state(strict)).isEqualTo("503 revocation_unknown");
        assertThat(strict.statuses(clock.instant()).toString()).contains("clients that need it get 503");
        assertThat(state(tolerant)).isEqualTo("good");
        assertThat(tolerant.statuses(clock.instant()).toString())
                .contains("the service still uses it, because onStale is warn");
    }

    @Test
    void list_pastItsNextUpdate_isOutOfDateHoweverOftenItIsConfirmed() {
        server.publish("/a.crl", root.revoke(Duration.ofHours(3)));
        FetchedLists lists = lists("/a.crl");
        fetchFirst(lists);
        clock.ahead(Duration.ofHours(4));

        try (TestLog log = new TestLog()) {
            fetchAfter(Duration.ofHours(1));
            assertThat(server.requests().get(1).ifNoneMatch()).isEmpty();
            assertThat(state(lists)).isEqualTo("503 revocation_unknown");
            fetching.tick();
            assertThat(log.text(Level.ERROR))
                    .contains("authority factory: " + server.url("/a.crl") + ": the list issued at ")
                    .contains(" is out of date since ");
        }
    }

    @Test
    void failures_areOneLineAMinuteOfEachAuthority() {
        FetchedLists lists = lists("/a.crl", "/b.crl");
        try (TestLog log = new TestLog()) {
            fetchFirst(lists);
            for (int seconds = 1; seconds < 32; seconds *= 2) {
                fetchAfter(Duration.ofSeconds(seconds));
            }
            assertThat(log.of(FetchReports.class.getName())).hasSize(1);
            assertThat(log.text(Level.ERROR))
                    .containsPattern("authority factory: " + server.url("/[ab].crl")
                            + " answers with the status 404: have the server answer with the list itself, of 8 MiB at most; "
                            + "no list is in force, and clients that need it get 503");
            fetchAfter(Duration.ofMinutes(1));
            Eventually.within(
                    PATIENCE, 2, () -> log.of(FetchReports.class.getName()).size());
        }
    }

    @Test
    void cache_keepsTheListAndItsTimeOverARestart() throws IOException {
        Path cache = Files.createDirectory(folder.resolve("cache"));
        server.publish("/a.crl", issued(Duration.ofHours(2), client));
        fetching.follow(List.of(cached(cache)), PATIENCE);
        Eventually.within(PATIENCE, true, () -> files(cache).size() == 1);
        server.answer("/a.crl", Reply.of(500));

        FetchedLists restarted = restarted(cache);
        assertThat(state(restarted)).isEqualTo("401 revoked");
        Files.setLastModifiedTime(
                files(cache).get(0), FileTime.from(Instant.now().minus(DAY)));
        assertThat(restarted(cache).statuses(clock.instant()))
                .extracting(SourceStatus::state)
                .containsExactly(SourceState.STALE);
        Files.setLastModifiedTime(
                files(cache).get(0), FileTime.from(Instant.now().plus(DAY)));
        assertThat(restarted(cache)
                        .statuses(clock.instant())
                        .get(0)
                        .list()
                        .orElseThrow()
                        .confirmed())
                .isBeforeOrEqualTo(Instant.now());
    }

    @Test
    void cache_remembersThatListsDoNotGoBack() throws Exception {
        Path cache = Files.createDirectory(folder.resolve("cache"));
        server.publish("/a.crl", issued(Duration.ofHours(2), client));
        fetching.follow(List.of(cached(cache)), PATIENCE);
        Eventually.within(PATIENCE, true, () -> files(cache).size() == 1);
        server.answer("/a.crl", der(issued(Duration.ofHours(3))));

        FetchedLists restarted = restarted(cache);
        Eventually.within(PATIENCE, 1, () -> outcomes.getOrDefault("rollback", 0));
        assertThat(state(restarted)).isEqualTo("401 revoked");
    }

    @Test
    void cache_thatIsPoisoned_isRefusedAndReplaced() throws Exception {
        Path cache = Files.createDirectory(folder.resolve("cache"));
        server.publish("/a.crl", issued(Duration.ofHours(2), client));
        fetching.follow(List.of(cached(cache)), PATIENCE);
        Eventually.within(PATIENCE, true, () -> files(cache).size() == 1);
        Path file = files(cache).get(0);
        byte[] good = Files.readAllBytes(file);

        for (byte[] poison : List.of(
                "rubbish".getBytes(US_ASCII),
                new byte[0],
                new byte[9 << 20],
                TestAuthority.root("Root CA").revoke(DAY).getEncoded(),
                TestAuthority.root("Other").revoke(DAY).getEncoded())) {
            Files.write(file, poison);
            server.hang("/a.crl");
            assertThat(state(restarted(cache, Duration.ofMillis(100)))).isEqualTo("503 revocation_unknown");
            server.publish("/a.crl", issued(Duration.ofHours(2), client));
            outcomes.clear();
            FetchedLists restarted = restarted(cache);
            assertThat(state(restarted)).isEqualTo("401 revoked");
            Eventually.within(PATIENCE, 1, () -> outcomes.getOrDefault("cache", 0));
            assertThat(Files.size(file)).isCloseTo(good.length, org.assertj.core.data.Offset.offset(10L));
        }
    }

    @Test
    void cache_thatIsOfNoUse_isToldAndNothingElseFails() throws IOException {
        server.publish("/a.crl", issued(Duration.ofHours(2)));
        FetchedLists lists = cached(folder.resolve("nowhere"));

        fetching.follow(List.of(lists), PATIENCE);
        Eventually.within(PATIENCE, 1, () -> outcomes.getOrDefault("cache", 0));
        assertThat(state(lists)).isEqualTo("good");
        assertThat(lists.statuses(clock.instant()).get(0).problem())
                .get()
                .asString()
                .contains("in the cache cannot be kept in " + folder.resolve("nowhere"));
    }

    @Test
    void cache_forgetsWhatNobodyConfirms() throws IOException {
        Path cache = Files.createDirectory(folder.resolve("cache"));
        Path old = Files.writeString(cache.resolve("0.crl"), "");
        Path left = Files.writeString(cache.resolve(".1.tmp"), "");
        Path others = Files.writeString(cache.resolve("notes.txt"), "");
        for (Path file : List.of(old, left, others)) {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(32))));
        }
        server.publish("/a.crl", issued(Duration.ofHours(2)));
        fetching.follow(List.of(cached(cache)), PATIENCE);

        Eventually.within(PATIENCE, false, () -> Files.exists(old) || Files.exists(left));
        assertThat(others).exists();
    }

    private FetchedLists restarted(Path cache) {
        return restarted(cache, PATIENCE);
    }

    private FetchedLists restarted(Path cache, Duration patience) {
        fetching.close();
        fetching = fetching(TestDownloads.impatient());
        FetchedLists restarted = cached(cache);
        fetching.follow(List.of(restarted), patience);
        return restarted;
    }

    private static List<Path> files(Path cache) {
        try (Stream<Path> files = Files.list(cache)) {
            return files.filter(file -> file.toString().endsWith(".crl")).toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void policy_thatChanges_keepsTheListsThatAreStillTheAuthoritys() {
        server.publish("/a.crl", issued(Duration.ofHours(2), client));
        fetching.follow(List.of(lists("/a.crl")), PATIENCE);
        server.answer("/a.crl", Reply.of(500));

        FetchedLists same = lists("/a.crl", "/b.crl");
        fetching.follow(List.of(same), PATIENCE);
        assertThat(state(same)).isEqualTo("401 revoked");
        FetchedLists ofOtherKey = lists(settings(false, Optional.empty(), "/a.crl"), TestAuthority.root("Root CA"));
        fetching.follow(List.of(ofOtherKey), PATIENCE);
        assertThat(state(ofOtherKey)).isEqualTo("503 revocation_unknown");
    }
}
