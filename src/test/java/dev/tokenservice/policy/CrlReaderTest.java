package dev.tokenservice.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tokenservice.files.UnusableFileException;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.x509.SourceStatus;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a policy may say of revocation lists that are fetched. */
class CrlReaderTest {

    @TempDir
    Path folder;

    @BeforeEach
    void writeBundle() {
        TestAuthority.write(
                folder.resolve("factory.pem"), TestAuthority.root("Root CA").certificate());
    }

    private PolicyFile file(String text) throws IOException {
        return new PolicyFile(
                Files.writeString(folder.resolve("policy.yml"), "version: 1\nrules: allow-all\n" + text),
                PolicyContext.NONE,
                Clock.systemUTC());
    }

    private Policy read(String text) throws IOException {
        return file(text).get();
    }

    /** The only one. */
    private String problem(String text) throws IOException {
        PolicyFile file = file(text);
        String message = String.valueOf(
                catchThrowableOfType(UnusableFileException.class, file::get).getMessage());
        assertThat(message.strip().lines()).hasSize(1);
        return message;
    }

    private Policy withCrl(String crl) throws IOException {
        return read("authorities: {a: {trustBundle: factory.pem, crl: " + crl + "}}");
    }

    @Test
    void crl_namesListsThatAreFetched() throws IOException {
        Policy policy = withCrl("{fetch: [\"http://10.0.0.1/a.crl\", \"https://ca.example.com/b.crl\"], every: 90m, "
                + "maxStaleness: 7d, onStale: warn, cache: lists}");

        assertThat(policy.fetched()).singleElement().satisfies(lists -> {
            assertThat(lists.authority()).isEqualTo("a");
            assertThat(lists.maxStaleness()).isEqualTo(Duration.ofDays(7));
            assertThat(lists.statuses(Instant.now()))
                    .extracting(SourceStatus::url)
                    .containsExactly(URI.create("http://10.0.0.1/a.crl"), URI.create("https://ca.example.com/b.crl"));
            assertThat(lists.statuses(Instant.now()))
                    .extracting(SourceStatus::tolerated)
                    .containsOnly(true);
        });
        assertThat(policy.content()).isPresent();
        assertThat(read("").content()).isEmpty();
        assertThat(withCrl("{fetch: [\"http://ca.example.com\"]}")
                        .fetched()
                        .get(0)
                        .maxStaleness())
                .isEqualTo(Duration.ofDays(1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | fetch is missing",
                "{fetch: []} | must not be empty",
                "{fetch: [a.crl]} | must be a URL such as http://ca.example.com/ca.crl",
                "{fetch: ['ldap://ca.example.com/cn=CA']} | must be a URL",
                "{fetch: ['http://me@ca.example.com/']} | must be a URL",
                "{fetch: ['http://a.example/', 'http://a.example/']} | is repeated",
                "{fetch: ['http://a.example/'], every: 0s} | must be a duration of 1 second to 7 days",
                "{fetch: ['http://a.example/'], every: 8d} | must be a duration of 1 second to 7 days",
                "{fetch: ['http://a.example/'], every: 10} | must be a text",
                "{fetch: ['http://a.example/'], maxStaleness: 31d} | must be a duration of 1 second to 30 days",
                "{fetch: ['http://a.example/'], maxStaleness: 1h} | must be longer than every",
                "{fetch: ['http://a.example/'], every: 1d} | must be longer than every",
                "{fetch: ['http://a.example/'], onStale: allow} | must be refuse or warn",
                "{fetch: ['http://a.example/'], often: 1h} | the key 'often' is unknown",
            })
    void crl_thatCannotBe_isAProblemAtItsPlace(String crl, String problem) throws IOException {
        assertThat(problem("authorities: {a: {trustBundle: factory.pem, crl: " + crl + "}}"))
                .startsWith(folder.resolve("policy.yml") + ":3:")
                .contains(problem);
    }

    @Test
    void distributionPoints_nameTheHostsOfLists() throws IOException {
        assertThat(read("authorities: {a: {trustBundle: factory.pem, distributionPoints: {hosts: [CRL.example.com]}}}")
                        .fetched())
                .hasSize(1);
        assertThat(read("authorities: {a: {trustBundle: factory.pem, crl: {every: 2h}, "
                                + "distributionPoints: {hosts: [crl.example.com]}}}")
                        .fetched())
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | hosts is missing",
                "{hosts: []} | must not be empty",
                "{hosts: [http://crl.example.com]} | must be a DNS name",
                "{hosts: ['*.example.com']} | must be a DNS name",
                "{host: [crl.example.com], hosts: [crl.example.com]} | the key 'host' is unknown",
            })
    void distributionPoints_thatCannotBe_areAProblem(String points, String problem) throws IOException {
        assertThat(problem("authorities: {a: {trustBundle: factory.pem, distributionPoints: " + points + "}}"))
                .contains(problem);
    }

    @Test
    void crl_ofTooManyUrls_isRefused() throws IOException {
        String urls = IntStream.rangeClosed(0, CrlReader.MAX_URLS)
                .mapToObj(i -> "'http://a.example/" + i + "'")
                .collect(Collectors.joining(", "));

        assertThat(problem("authorities: {a: {trustBundle: factory.pem, crl: {fetch: [" + urls + "]}}}"))
                .contains("must have 16 URLs at most, found 17");
    }
}
