package dev.tokenservice.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tokenservice.oauth.RefusedException;
import dev.tokenservice.outbound.Download;
import dev.tokenservice.outbound.TestDownloads;
import dev.tokenservice.testing.Eventually;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestClock;
import dev.tokenservice.testing.TestListServer;
import dev.tokenservice.testing.TestListServer.Reply;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.CertIOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Lists whose URLs are in certificates, which the service fetches only from where the policy says. */
class DistributionPointsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration DAY = Duration.ofDays(1);

    private final TestListServer server = TestListServer.start();
    private final TestAuthority root = TestAuthority.root("Root CA");
    private final TestClock clock = new TestClock();
    private final AtomicLong ahead = new AtomicLong();
    private RevocationFetching fetching = fetching(TestDownloads.impatient());

    private RevocationFetching fetching(Download download) {
        return new RevocationFetching(
                download,
                clock,
                () -> System.nanoTime() + ahead.get(),
                () -> 0.5,
                new FetchReports(clock, () -> System.nanoTime() + ahead.get(), (authority, outcome) -> {}));
    }

    @AfterEach
    void close() {
        fetching.close();
        server.close();
    }

    private FetchedLists lists(String... hosts) {
        return new FetchedLists(
                "factory",
                new FetchSettings(List.of(), Duration.ofHours(1), DAY, false, Optional.empty(), Set.of(hosts)),
                new TrustBundle(List.of(root.certificate()), List.of()),
                List.of(),
                clock);
    }

    private static X509Certificate named(TestAuthority issuer, String... urls) {
        DistributionPoint[] points = Stream.of(urls)
                .map(url -> new DistributionPoint(at(url), null, null))
                .toArray(DistributionPoint[]::new);
        return issuer.leaf("client")
                .purposes(KeyPurposeId.id_kp_clientAuth)
                .extension(Extension.cRLDistributionPoints, false, new CRLDistPoint(points))
                .issue()
                .certificate();
    }

    private static DistributionPointName at(String url) {
        return new DistributionPointName(new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, url)));
    }

    private String judgement(FetchedLists lists, X509Certificate... presented) {
        CertificateVerifier verifier =
                new CertificateVerifier(new TrustBundle(List.of(root.certificate()), List.of()), lists, clock);
        RefusedException refused =
                catchThrowableOfType(RefusedException.class, () -> verifier.validPath(List.of(presented)));
        fetching.tick();
        return refused == null
                ? "good"
                : refused.refusal().status() + " " + refused.refusal().reason().code();
    }

    @Test
    void list_ofAHostThatIsAllowed_isFetchedOnceACertificateWasSeen() {
        X509Certificate client = named(root, "ldap://localhost/cn=CA", server.url("/a.crl"));
        server.publish("/a.crl", root.revoke(DAY));
        FetchedLists lists = lists("localhost");
        fetching.follow(List.of(lists), PATIENCE);

        assertThat(judgement(lists, client)).isEqualTo("503 revocation_unknown");
        Eventually.within(PATIENCE, "good", () -> judgement(lists, client));
        assertThat(server.requests()).hasSize(1);
        assertThat(judgement(
                        lists,
                        root.leaf("other")
                                .purposes(KeyPurposeId.id_kp_clientAuth)
                                .issue()
                                .certificate()))
                .isEqualTo("good");

        server.publish("/a.crl", root.revoke(DAY, list -> list.setThisUpdate(Date.from(Instant.now())), client));
        ahead.addAndGet(Duration.ofHours(1).toNanos());
        Eventually.within(PATIENCE, "401 revoked", () -> judgement(lists, client));
    }

    @Test
    void list_ofAnyOtherHost_isNotFetched() {
        server.publish("/a.crl", root.revoke(DAY));
        FetchedLists lists = lists("crl.example.com", "sub.localhost");
        fetching.follow(List.of(lists), PATIENCE);

        for (String url : List.of(
                server.url("/a.crl"),
                "http://crl.example.com@localhost:" + server.port() + "/a.crl",
                "http://127.0.0.1:" + server.port() + "/a.crl",
                "file:///etc/passwd")) {
            assertThat(judgement(lists, named(root, url))).as(url).isEqualTo("401 revocation_unknown");
        }
        assertThat(lists.statuses(clock.instant())).isEmpty();
        assertThat(server.requests()).isEmpty();
    }

    /** The policy allows the host, and a certificate leads there: the address decides. */
    @Test
    void list_onAPrivateAddress_isNotFetched() {
        fetching.close();
        fetching = fetching(TestDownloads.strict());
        server.publish("/a.crl", root.revoke(DAY));
        FetchedLists lists = lists("localhost");
        fetching.follow(List.of(lists), PATIENCE);

        assertThat(judgement(lists, named(root, server.url("/a.crl")))).isEqualTo("503 revocation_unknown");
        Eventually.within(
                PATIENCE,
                true,
                () -> lists.statuses(clock.instant()).toString().contains("is not an address of the public internet"));
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void redirect_toAHostThatIsNotAllowed_isNotFollowed() {
        server.answer("/a.crl", Reply.redirect("http://127.0.0.1:" + server.port() + "/b.crl"));
        FetchedLists lists = lists("localhost");
        fetching.follow(List.of(lists), PATIENCE);

        assertThat(judgement(lists, named(root, server.url("/a.crl")))).isEqualTo("503 revocation_unknown");
        Eventually.within(
                PATIENCE,
                true,
                () -> lists.statuses(clock.instant()).toString().contains("redirects to a URL that is not allowed"));
        assertThat(server.requests("/b.crl")).isZero();
    }

    /** The client sends the intermediate, which is not in the bundle; the lists of both are fetched. */
    @Test
    void list_ofACaThatOnlyTheClientSends_counts() {
        TestAuthority issuing = root.intermediate(
                "Issuing CA",
                content -> content.authority(0)
                        .extension(Extension.cRLDistributionPoints, false, new CRLDistPoint(new DistributionPoint[] {
                            new DistributionPoint(at(server.url("/root.crl")), null, null)
                        })));
        X509Certificate client = named(issuing, server.url("/issuing.crl"));
        server.publish("/root.crl", root.revoke(DAY));
        server.publish("/issuing.crl", issuing.revoke(DAY));
        FetchedLists lists = lists("localhost");
        fetching.follow(List.of(lists), PATIENCE);

        Eventually.within(PATIENCE, "good", () -> judgement(lists, client, issuing.certificate()));
        FetchedLists next = lists("localhost");
        fetching.follow(List.of(next), Duration.ZERO);
        assertThat(judgement(next, client, issuing.certificate())).isEqualTo("good");
        FetchedLists withoutHosts = lists("crl.example.com");
        fetching.follow(List.of(withoutHosts), Duration.ZERO);
        assertThat(withoutHosts.statuses(clock.instant())).isEmpty();
    }

    @Test
    void list_ofOnePart_countsForThatPart() {
        String one = server.url("/1.crl");
        String two = server.url("/2.crl");
        X509Certificate ofOne = named(root, one);
        X509Certificate ofTwo = named(root, two);
        server.publish("/1.crl", part(one));
        server.publish("/2.crl", part(one));
        FetchedLists lists = lists("localhost");
        fetching.follow(List.of(lists), PATIENCE);

        Eventually.within(PATIENCE, "good", () -> judgement(lists, ofOne));
        Eventually.within(PATIENCE, "401 revocation_unknown", () -> judgement(lists, ofTwo));
    }

    private X509CRL part(String url) {
        return root.revoke(DAY, list -> {
            try {
                list.addExtension(
                        Extension.issuingDistributionPoint,
                        true,
                        new IssuingDistributionPoint(at(url), true, false, null, false, false));
            } catch (CertIOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void urls_areBoundedInNumber_andForgottenInTime() {
        DistributionPoints points = new DistributionPoints(Set.of("localhost"), DAY);
        for (int i = 0; i < DistributionPoints.MAX_URLS / 4; i++) {
            String name = server.url("/" + i);
            points.note(
                    named(root, name + "a", name + "b", name + "c", name + "d", name + "e"),
                    root.certificate(),
                    clock.instant());
        }
        X509Certificate more = named(root, server.url("/more"));
        assertThat(points.isFull()).isTrue();
        assertThat(points.note(more, root.certificate(), clock.instant())).isEmpty();

        clock.ahead(Duration.ofHours(12));
        assertThat(points.forget(clock.instant())).isEmpty();
        points.note(named(root, server.url("/0a")), root.certificate(), clock.instant());
        clock.ahead(Duration.ofHours(25));
        assertThat(points.forget(clock.instant())).hasSize(DistributionPoints.MAX_URLS - 1);
        assertThat(points.note(more, root.certificate(), clock.instant())).hasSize(1);
    }
}
