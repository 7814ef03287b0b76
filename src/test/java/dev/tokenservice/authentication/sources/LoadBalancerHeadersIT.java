package dev.tokenservice.authentication.sources;

import static dev.tokenservice.testing.Answers.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.Response;
import dev.tokenservice.testing.TestCertificates;
import dev.tokenservice.testing.TestLoadBalancer;
import dev.tokenservice.testing.TestLog;
import dev.tokenservice.testing.TestService;
import dev.tokenservice.testing.TestToken;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a Google load balancer says of a client certificate, and what somebody who forges it would. */
class LoadBalancerHeadersIT {

    private static final String ID = "spiffe://example.org/robot/1";
    private static final TestCertificates AUTHORITY = TestCertificates.authority("Test CA");
    private static final X509Certificate CERTIFICATE = AUTHORITY
            .client()
            .uri(ID)
            .uri("https://robot.example.org/1")
            .dns("robot.example.org")
            .issue();
    private static final Headers GOOD = TestLoadBalancer.verified(CERTIFICATE);

    static final List<String> NAMES = TestLoadBalancer.ALL;
    static final List<String> ERRORS = List.of(
            "client_cert_validation_failed",
            "client_cert_chain_invalid_eku",
            "client_cert_invalid_rsa_key_size",
            "client_cert_unsupported_elliptic_curve_key",
            "client_cert_unsupported_key_algorithm",
            "client_cert_pki_too_large",
            "client_cert_chain_max_name_constraints_exceeded",
            "client_cert_validation_timed_out",
            "client_cert_validation_search_limit_exceeded",
            "client_cert_validation_not_performed",
            "client_cert_chain_exceeded_limit",
            "client_cert_trust_config_not_found",
            "some_error_of_the_future",
            "");
    static final List<String> SIZE_ERRORS = List.of(
            "client_cert_serial_number_exceeded_size_limit",
            "client_cert_spiffe_id_exceeded_size_limit",
            "client_cert_uri_sans_exceeded_size_limit",
            "client_cert_dnsname_sans_exceeded_size_limit",
            "client_cert_issuer_dn_exceeded_size_limit",
            "client_cert_subject_dn_exceeded_size_limit",
            "client_cert_validated_leaf_exceeded_size_limit",
            "client_cert_validated_chain_exceeded_size_limit");

    private final TestService service = TestService.shared();

    @AfterEach
    void setClockRight() {
        service.clock().ahead(Duration.ZERO);
    }

    private void assertRefused(Headers headers) {
        assertError(service.token(headers), 401, "invalid_client");
    }

    private TestToken issued(Headers headers) {
        return TestToken.of(service, service.token(headers));
    }

    @ParameterizedTest
    @FieldSource("ERRORS")
    void certificate_notVerified_isRefusedAndTheExactErrorIsForTheLogOnly(String error) {
        try (TestLog log = new TestLog()) {
            Response answer = service.token(TestLoadBalancer.unverified(CERTIFICATE, error));

            assertError(answer, 401, "invalid_client");
            assertThat(answer.body()).doesNotContain("client_cert_").doesNotContain("some_error");
            assertThat(log.audit()).hasSize(1);
            assertThat(log.text(Level.INFO)).contains(error);
        }
    }

    @Test
    void certificate_notVerifiedButAllAttributesFilled_isRefused() {
        assertRefused(GOOD.with(TestLoadBalancer.VERIFIED, "false"));
        assertRefused(GOOD.with(TestLoadBalancer.VERIFIED, "false")
                .with(TestLoadBalancer.ERROR, "client_cert_spiffe_id_exceeded_size_limit"));
    }

    /** The load balancer adds an error for each attribute that is too long for it. */
    @Test
    void certificate_verifiedWithSeveralAttributesTooLong_isGood() {
        String all = String.join(",", SIZE_ERRORS);

        assertThat(service.token(GOOD.with(TestLoadBalancer.ERROR, all)).status())
                .isEqualTo(200);
        assertRefused(GOOD.with(TestLoadBalancer.ERROR, all + ",client_cert_validation_failed"));
        assertRefused(GOOD.with(TestLoadBalancer.ERROR, "client_cert_validation_failed," + all));
        assertRefused(GOOD.with(TestLoadBalancer.ERROR, all + ","));
        assertRefused(GOOD.with(TestLoadBalancer.ERROR, all + "," + all + "," + all));
    }

    @Test
    void certificate_notProvided_isRefusedInClearWords() {
        Response answer = service.token(TestLoadBalancer.withoutCertificate());

        assertError(answer, 401, "invalid_client");
        assertThat(answer.text("error_description")).contains("send a client certificate");
    }

    @ParameterizedTest
    @CsvSource({
        "false, true",
        "'', true",
        "true, ''",
        "true, maybe",
        "1, 1",
        "yes, yes",
        "'true,true', true",
        "true, 'true,true'",
        "true, 'true, false'",
        "truetrue, true",
        "null, true",
        "true, TRUE\u0130"
    })
    void flags_notBothTrue_areRefused(String present, String verified) {
        assertRefused(GOOD.with(TestLoadBalancer.PRESENT, present).with(TestLoadBalancer.VERIFIED, verified));
    }

    @Test
    void flags_missing_areRefused() {
        assertRefused(GOOD.without(TestLoadBalancer.PRESENT));
        assertRefused(GOOD.without(TestLoadBalancer.VERIFIED));
        assertRefused(GOOD.without(TestLoadBalancer.PRESENT).without(TestLoadBalancer.VERIFIED));
    }

    @Test
    void flags_inAnyCase_areUnderstood() {
        issued(GOOD.with(TestLoadBalancer.PRESENT, "True").with(TestLoadBalancer.VERIFIED, "TRUE"));
    }

    @ParameterizedTest
    @FieldSource("ERRORS")
    void verified_withAnErrorOtherThanOfSize_contradictsItself(String error) {
        if (!error.isEmpty()) {
            assertRefused(GOOD.with(TestLoadBalancer.ERROR, error));
        }
    }

    @ParameterizedTest
    @FieldSource("SIZE_ERRORS")
    void verified_withSizeError_isIssuedAsLongAsThereIsAClientId(String error) {
        issued(GOOD.with(TestLoadBalancer.ERROR, error));

        assertRefused(GOOD.with(TestLoadBalancer.ERROR, error).with(TestLoadBalancer.SPIFFE, ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x_exceeded_size_limit,client_cert_validation_failed", "a b", "\u00e4", "<x>"})
    void error_malformed_isRefused(String error) {
        assertRefused(GOOD.with(TestLoadBalancer.ERROR, error));
    }

    @Test
    void error_missing_isNone() {
        issued(GOOD.without(TestLoadBalancer.ERROR));
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    void header_twice_isForged(String name) {
        assertRefused(GOOD.and(name, GOOD.value(name)));
        assertRefused(GOOD.and(name, ""));
        assertRefused(GOOD.and(name.toLowerCase(Locale.ROOT), "x"));
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    void header_withUnderscoreTwin_isForged(String name) {
        String allTwin = name.replace('-', '_');
        String lastTwin = name.substring(0, name.lastIndexOf('-')) + "_" + name.substring(name.lastIndexOf('-') + 1);

        assertRefused(GOOD.and(allTwin, GOOD.value(name)));
        assertRefused(GOOD.and(lastTwin, ""));
        assertRefused(GOOD.without(name).and(lastTwin.toLowerCase(Locale.ROOT), GOOD.value(name)));
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    void header_inOtherCase_isTheSame(String name) {
        TestToken expected = issued(GOOD);
        Headers others = GOOD.without(name);

        TestToken upper = issued(others.and(name.toUpperCase(Locale.ROOT), GOOD.value(name)));
        TestToken lower = issued(others.and(name.toLowerCase(Locale.ROOT), GOOD.value(name)));

        assertThat(upper.claims().path("client")).isEqualTo(expected.claims().path("client"));
        assertThat(lower.claims().path("client")).isEqualTo(expected.claims().path("client"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                TestLoadBalancer.HASH,
                TestLoadBalancer.SERIAL,
                TestLoadBalancer.URI_SANS,
                TestLoadBalancer.DNS_SANS,
                TestLoadBalancer.NOT_BEFORE,
                TestLoadBalancer.NOT_AFTER
            })
    void header_empty_isAsGoodAsAbsent(String name) {
        TestToken empty = issued(GOOD.with(name, ""));
        TestToken absent = issued(GOOD.without(name));

        assertThat(empty.claims().path("client")).isEqualTo(absent.claims().path("client"));
        assertThat(empty.claims().path("cnf")).isEqualTo(absent.claims().path("cnf"));
    }

    @Test
    void header_ofTheFamilyThatIsNotConfigured_isIgnored() {
        TestToken token = issued(GOOD.and("X-Client-Cert-Subject-DN", "x").and("X-Client-Cert-Leaf", ":x:"));

        assertThat(token.claim("sub")).isEqualTo(ID);
    }

    @ParameterizedTest
    @CsvSource({
        "cm9ib3QuZXhhbXBsZS5vcmc=, robot.example.org",
        "cm9ib3QuZXhhbXBsZS5vcmc, robot.example.org",
        "'YQ==,Yg,YWI=,YWI', 'a b ab ab'",
        "'Ym9iLHg=', 'bob,x'"
    })
    void sans_paddedOrNot_areDecoded(String list, String expected) {
        TestToken dns = issued(GOOD.with(TestLoadBalancer.DNS_SANS, list));
        TestToken uri = issued(GOOD.with(TestLoadBalancer.URI_SANS, list));

        assertThat(values(dns, "x5_dnssans")).isEqualTo(expected);
        assertThat(values(uri, "x5_urisans")).isEqualTo(expected);
        assertThat(dns.attribute("x5_dnssan")).isEqualTo(expected.split(" ", -1)[0]);
    }

    private static String values(TestToken token, String member) {
        return String.join(
                " ",
                IntStream.range(0, token.claims().path("client").path(member).size())
                        .mapToObj(i -> token.claims()
                                .path("client")
                                .path(member)
                                .path(i)
                                .textValue())
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",",
                "YQ==,",
                ",YQ==",
                "YQ==,,Yg==",
                "YQ==, Yg==",
                "Y",
                "YQ=",
                "YQ===",
                "YR==",
                "Y Q",
                "-_-_",
                "robot.example.org",
                "w6Q=",
                "AGE=",
                "YQo=",
                "fw==",
                "////"
            })
    void sans_malformedOrNotPrintableAscii_areRefused(String list) {
        assertRefused(GOOD.with(TestLoadBalancer.DNS_SANS, list));
        assertRefused(GOOD.with(TestLoadBalancer.URI_SANS, list));
    }

    @Test
    void sans_upTo64_areAccepted() {
        String list = TestLoadBalancer.list(Collections.nCopies(64, "a.example"));

        assertThat(issued(GOOD.with(TestLoadBalancer.DNS_SANS, list))
                        .claims()
                        .path("client")
                        .path("x5_dnssans"))
                .hasSize(64);
        assertRefused(GOOD.with(TestLoadBalancer.DNS_SANS, list + ",YQ=="));
        assertRefused(GOOD.with(TestLoadBalancer.URI_SANS, list + ",YQ=="));
    }

    @Test
    void san_upTo2048Bytes_isAccepted() {
        String longest = "a".repeat(2048);

        assertThat(issued(GOOD.with(TestLoadBalancer.URI_SANS, TestLoadBalancer.list(List.of(longest))))
                        .attribute("x5_urisan"))
                .isEqualTo(longest);
        assertRefused(GOOD.with(TestLoadBalancer.URI_SANS, TestLoadBalancer.list(List.of(longest + "a"))));
        assertRefused(GOOD.with(TestLoadBalancer.DNS_SANS, TestLoadBalancer.list(List.of(longest + "a"))));
    }

    @Test
    void spiffeId_amongTheUriSans_isTakenOutOfThem() {
        TestToken token = issued(GOOD.with(TestLoadBalancer.URI_SANS, TestLoadBalancer.list(List.of("urn:a", ID))));

        assertThat(token.attribute("x5_spiffe")).isEqualTo(ID);
        assertThat(values(token, "x5_urisans")).isEqualTo("urn:a");
    }

    @Test
    void spiffeIds_several_areNone() {
        String other = TestLoadBalancer.list(List.of("spiffe://example.org/robot/2"));

        assertRefused(GOOD.with(TestLoadBalancer.URI_SANS, other));
        assertRefused(GOOD.with(TestLoadBalancer.URI_SANS, TestLoadBalancer.list(List.of(ID, ID))));
        assertRefused(GOOD.with(TestLoadBalancer.SPIFFE, "spiffe://example.org"));
        assertRefused(GOOD.with(TestLoadBalancer.URI_SANS, TestLoadBalancer.list(List.of("SPIFFE://example.org/x"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "robot",
                "https://example.org/robot",
                "SPIFFE://example.org/robot",
                "spiffe:example.org",
                "spiffe://",
                "spiffe:///robot",
                "spiffe://Example.org/robot",
                "spiffe://example.org:443/robot",
                "spiffe://user@example.org/robot",
                "spiffe://example.org/",
                "spiffe://example.org//robot",
                "spiffe://example.org/robot/",
                "spiffe://example.org/../robot",
                "spiffe://example.org/./robot",
                "spiffe://example.org/robot?x",
                "spiffe://example.org/robot#x",
                "spiffe://example.org/r%6fbot",
                "spiffe://example.org/a,spiffe://example.org/b",
                "spiffe://example.org/r\u00f6bot",
                "spiffe://example.org/a b"
            })
    void spiffeId_malformed_isRefused(String id) {
        assertRefused(GOOD.with(TestLoadBalancer.SPIFFE, id));
    }

    @Test
    void spiffeId_upTo2048Bytes_isAccepted() {
        String longest = "spiffe://example.org/" + "a".repeat(2048 - "spiffe://example.org/".length());

        assertThat(issued(GOOD.with(TestLoadBalancer.SPIFFE, longest)).claim("sub"))
                .isEqualTo(longest);
        assertRefused(GOOD.with(TestLoadBalancer.SPIFFE, longest + "a"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0a:1B",
                "0a1b",
                "a:b",
                ":0a",
                "0a:",
                "0a::0b",
                "0x0a",
                "0a-0b",
                "1",
                "zz",
                "00:",
                "0a:0b ,0c",
                "-0a"
            })
    void serial_malformed_isRefused(String serial) {
        assertRefused(GOOD.with(TestLoadBalancer.SERIAL, serial));
    }

    @Test
    void serial_upTo50BytesWithLeadingZeros_isKeptToTheLetter() {
        String longest = "00" + ":f0".repeat(49);

        assertThat(issued(GOOD.with(TestLoadBalancer.SERIAL, longest)).attribute("x5_serial"))
                .isEqualTo(longest);
        assertRefused(GOOD.with(TestLoadBalancer.SERIAL, longest + ":f0"));
    }

    @Test
    void hash_malformed_isRefused() {
        String hash = GOOD.value(TestLoadBalancer.HASH);
        for (String malformed : List.of(
                hash.substring(1),
                hash + "=",
                hash + "A",
                hash.substring(0, 42) + "B",
                "-" + hash.substring(1),
                "_" + hash.substring(1),
                "a".repeat(64),
                hash + "," + hash)) {
            assertRefused(GOOD.with(TestLoadBalancer.HASH, malformed));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2022-07-01",
                "2022-07-01T18:05:09",
                "2022-07-01T18:05+00:00",
                "2022-07-01 18:05:09+00:00",
                "2022-02-30T18:05:09+00:00",
                "2022-07-01T24:00:00+00:00",
                "2022-07-01T18:05:60+00:00",
                "2022-07-01T18:05:09+0000",
                "2022-07-01T18:05:09.5+00:00",
                "2022-07-01T18:05:09 00:00",
                "Jul 01 18:05:09 2022 GMT",
                "1656698709",
                "2022-07-01T18:05:09+00:00,2022-07-01T18:05:09+00:00"
            })
    void time_malformed_isRefused(String time) {
        assertRefused(GOOD.with(TestLoadBalancer.NOT_BEFORE, time));
        assertRefused(GOOD.with(TestLoadBalancer.NOT_AFTER, time.replace("2022", "2099")));
    }

    @Test
    void time_withOtherOffset_isUnderstood() {
        issued(GOOD.with(TestLoadBalancer.NOT_AFTER, "2099-07-01T18:05:09-07:00"));
        issued(GOOD.with(TestLoadBalancer.NOT_AFTER, "2099-07-01T18:05:09Z"));
        issued(GOOD.with(TestLoadBalancer.NOT_AFTER, "9999-12-31T23:59:59+00:00"));
    }

    @Test
    void validity_notBegun_isRefusedBeyondTheClockSkew() {
        assertRefused(valid(Duration.ofSeconds(65), Duration.ofDays(1)));
        issued(valid(Duration.ofSeconds(55), Duration.ofDays(1)));
    }

    @Test
    void validity_overOrNearlySo_isRefused() {
        assertRefused(valid(Duration.ofDays(-1), Duration.ofSeconds(-1)));
        assertRefused(valid(Duration.ofDays(-1), Duration.ofSeconds(58)));
        issued(valid(Duration.ofDays(-1), Duration.ofSeconds(65)));
    }

    @Test
    void validity_runningOut_isNoticedByTheClock() {
        issued(GOOD);

        service.clock().ahead(Duration.ofDays(1));

        assertRefused(GOOD);
    }

    @Test
    void validity_endsBeforeItStarts_isRefused() {
        assertRefused(GOOD.with(TestLoadBalancer.NOT_BEFORE, "2099-01-01T00:00:00+00:00")
                .with(TestLoadBalancer.NOT_AFTER, "2098-01-01T00:00:00+00:00"));
    }

    @Test
    void validity_missing_isNotHeldAgainstTheClient() {
        TestToken token = issued(GOOD.without(TestLoadBalancer.NOT_BEFORE).without(TestLoadBalancer.NOT_AFTER));

        assertThat(token.claims().path("exp").asLong()
                        - token.claims().path("iat").asLong())
                .isEqualTo(300);
    }

    private static Headers valid(Duration from, Duration to) {
        Instant now = Instant.now();
        return TestLoadBalancer.verified(
                AUTHORITY.client().uri(ID).valid(now.plus(from), now.plus(to)).issue());
    }
}
