package dev.tokenservice.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenservice.outbound.Download.Reach;
import dev.tokenservice.testing.HostileServer;
import dev.tokenservice.testing.TestListServer;
import dev.tokenservice.testing.TestListServer.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents of servers that nobody trusts: within limits, and from nowhere else than allowed. */
class DownloadTest {

    private static final int LONGEST = 64 * 1024;

    private static final GoogleTransport.Limits SHORT = new GoogleTransport.Limits(
            Duration.ofMillis(300), Duration.ofMillis(300), Duration.ofMillis(600), 4, LONGEST);

    /** What is read whole within the limits, be it JSON or not: what it means is not for this class to say. */
    private static final Set<HostileServer.Mode> WHOLE = whole();

    private static Set<HostileServer.Mode> whole() {
        Set<HostileServer.Mode> whole =
                EnumSet.range(HostileServer.Mode.DEEP_MEMBER, HostileServer.Mode.HEADER_IN_TOKEN);
        whole.remove(HostileServer.Mode.LONG_ERROR);
        whole.add(HostileServer.Mode.PROPER);
        return whole;
    }

    private final TestListServer server = TestListServer.start();
    private final Download download =
            new Download(SHORT, context(), SystemDefaultDnsResolver.INSTANCE, PublicAddresses::contain);

    private static SSLContext context() {
        try {
            return SSLContext.getDefault();
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterEach
    void close() {
        download.close();
        server.close();
    }

    private Download.Answer get(String path) throws IOException {
        return download.get(URI.create(server.url(path)), Validators.NONE, url -> Reach.ANY);
    }

    @Test
    void document_comesWithItsValidators_whichAreSentBack() throws IOException {
        server.answer("/a", new Reply(200, Map.of("ETag", "\"1\"", "Last-Modified", "yesterday"), new byte[] {'x'}));

        Download.Answer answer = get("/a");
        assertThat(answer.content()).containsExactly('x');
        assertThat(answer.validators()).isEqualTo(new Validators(Optional.of("\"1\""), Optional.of("yesterday")));

        download.get(URI.create(server.url("/a")), answer.validators(), url -> Reach.ANY);
        assertThat(server.requests().get(1).ifNoneMatch()).contains("\"1\"");
    }

    @Test
    void redirects_areFollowedAFewTimes_andJudgedEachTime() throws IOException {
        server.answer("/a", Reply.redirect("/b"));
        server.answer("/b", Reply.redirect(server.url("/c")));
        server.answer("/c", Reply.redirect("d"));
        server.answer("/d", Reply.of(200, (byte) 'x'));
        List<String> judged = new ArrayList<>();

        Download.Answer answer = download.get(URI.create(server.url("/a")), Validators.NONE, url -> {
            judged.add(url.getPath());
            return Reach.ANY;
        });
        assertThat(answer.content()).containsExactly('x');
        assertThat(judged).containsExactly("/a", "/b", "/c", "/d");

        server.answer("/d", Reply.redirect("/a"));
        assertThatThrownBy(() -> get("/a")).hasMessage("redirects more than 3 times");
        assertThat(server.requests()).hasSize(8);
        assertThatThrownBy(() -> download.get(
                        URI.create(server.url("/a")),
                        Validators.NONE,
                        url -> url.getPath().equals("/a") ? Reach.ANY : Reach.NONE))
                .hasMessage("redirects to a URL that is not allowed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "ftp://localhost/a", "http://user@localhost/a", "file:///etc/passwd", "http://", "a b", "//"
            })
    void redirects_toAnythingElseThanTheWeb_areRefused(String location) {
        server.answer("/a", Reply.redirect(location));

        assertThatThrownBy(() -> get("/a")).isInstanceOf(RefusedRedirectException.class);
    }

    @Test
    void redirects_neverLeaveHttps() throws IOException {
        URI secure = URI.create("https://ca.example.com/a");

        assertThat(Redirect.target(secure, "/b")).isEqualTo(URI.create("https://ca.example.com/b"));
        assertThat(Redirect.target(secure, "//other.example.com/b"))
                .isEqualTo(URI.create("https://other.example.com/b"));
        assertThatThrownBy(() -> Redirect.target(secure, "http://ca.example.com/a"))
                .hasMessage("redirects from https to http");
    }

    /** The address of a link, of a loopback or of a private network is where the secrets of a cloud are. */
    @Test
    void publicReach_toAHostOfThisMachine_isRefusedBeforeTheConnection() {
        for (String host : List.of("localhost", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "2130706433")) {
            assertThatThrownBy(() -> download.get(
                            URI.create("http://" + host + ":" + server.port() + "/a"),
                            Validators.NONE,
                            url -> Reach.PUBLIC))
                    .as(host)
                    .isInstanceOf(UnknownHostException.class);
        }
        server.answer("/a", Reply.redirect(server.url("/internal")));
        assertThatThrownBy(() -> download.get(
                        URI.create(server.url("/a")),
                        Validators.NONE,
                        url -> url.getPath().equals("/a") ? Reach.ANY : Reach.PUBLIC))
                .hasMessageContaining("is not an address of the public internet");
        assertThat(server.requests("/internal")).isZero();
    }

    /** A name that leads to a public address when it is judged, and elsewhere a moment later. */
    @Test
    void publicReach_toANameThatChanges_connectsToWhatWasJudged() throws IOException {
        AtomicInteger lookups = new AtomicInteger();
        List<InetAddress> judged = new ArrayList<>();
        Predicate<InetAddress> isPublic = address -> {
            judged.add(address);
            return judged.size() == 1;
        };
        server.answer("/a", Reply.of(200, (byte) 'x'));
        try (Download rebound = new Download(SHORT, context(), names(lookups), isPublic)) {
            URI url = URI.create("http://rebound.example:" + server.port() + "/a");
            assertThat(rebound.get(url, Validators.NONE, it -> Reach.PUBLIC).content())
                    .containsExactly('x');
            assertThat(lookups).hasValue(1);
            assertThat(judged).hasSize(1);

            assertThatThrownBy(() -> rebound.get(url, Validators.NONE, it -> Reach.PUBLIC))
                    .hasMessageContaining("is not an address of the public internet");
            assertThat(server.requests()).hasSize(1);
        }
    }

    private static DnsResolver names(AtomicInteger lookups) {
        return new DnsResolver() {
            @Override
            public InetAddress[] resolve(String host) {
                lookups.incrementAndGet();
                return new InetAddress[] {InetAddress.getLoopbackAddress()};
            }

            @Override
            public String resolveCanonicalHostname(String host) {
                return host;
            }
        };
    }

    @ParameterizedTest
    @EnumSource(HostileServer.Mode.class)
    void hostileAnswer_isRefusedInTimeOrReadWhole(HostileServer.Mode mode) throws IOException {
        try (HostileServer hostile = HostileServer.start()) {
            hostile.answer(mode);
            URI url = URI.create(hostile.url() + "/a");
            long start = System.nanoTime();
            if (WHOLE.contains(mode)) {
                assertThat(download.get(url, Validators.NONE, it -> Reach.ANY).content())
                        .hasSizeLessThanOrEqualTo(LONGEST);
            } else {
                assertThatThrownBy(() -> download.get(url, Validators.NONE, it -> Reach.ANY))
                        .isInstanceOf(IOException.class);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
        }
    }

    @Test
    void document_thatIsTooLong_isRefused() {
        server.answer("/a", Reply.of(200, "x".repeat(LONGEST + 1).getBytes(StandardCharsets.US_ASCII)));

        assertThatThrownBy(() -> get("/a")).hasMessage("the answer is longer than 65536 bytes");
    }

    @ParameterizedTest
    @CsvSource({
        "8.8.8.8, true",
        "172.32.0.1, true",
        "2606:4700::1111, true",
        "::ffff:8.8.8.8, true",
        "0.0.0.0, false",
        "10.1.2.3, false",
        "100.64.0.1, false",
        "100.100.100.200, false",
        "127.0.0.1, false",
        "168.63.129.16, false",
        "169.254.169.254, false",
        "172.31.255.255, false",
        "192.0.0.192, false",
        "192.168.1.1, false",
        "198.19.255.255, false",
        "224.0.0.1, false",
        "255.255.255.255, false",
        "::, false",
        "::1, false",
        "::ffff:10.1.2.3, false",
        "::7f00:1, false",
        "64:ff9b::a01:203, false",
        "64:ff9b:1::1, false",
        "100::1, false",
        "2001::1, false",
        "2001:db8::1, false",
        "2002:a01:203::1, false",
        "3fff::1, false",
        "fd00:ec2::254, false",
        "fe80::1, false",
        "fec0::1, false",
        "ff02::1, false",
        "5f00::1, false",
    })
    void publicAddresses_areThoseOfTheInternet(String address, boolean expected) throws UnknownHostException {
        assertThat(PublicAddresses.contain(InetAddress.getByName(address))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "http://ca.example.com/ca.crl, true",
        "https://10.0.0.1:8443/ca.crl?part=1, true",
        "https://[fd00::1]/ca.crl, true",
        "http://localhost, true",
        "ldap://ca.example.com/cn=CA, false",
        "HTTP://ca.example.com/ca.crl, false",
        "http:///ca.crl, false",
        "http://ca_1.example.com:99999/, false",
        "http://ca.example.com/#list, false",
        "http://me:secret@ca.example.com/, false",
        "/ca.crl, false",
        "'http://ca.example.com/a b', false",
    })
    void webUrls_areAbsoluteAndPlain(String text, boolean expected) {
        assertThat(WebUrl.parse(text).isPresent()).isEqualTo(expected);
        assertThat(WebUrl.parse("http://ca.example.com/" + "a".repeat(2048))).isEmpty();
    }
}
