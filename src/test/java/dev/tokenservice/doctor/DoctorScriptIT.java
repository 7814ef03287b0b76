package dev.tokenservice.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.testing.Command;
import dev.tokenservice.testing.Headers;
import dev.tokenservice.testing.TestAuthority;
import dev.tokenservice.testing.TestAuthority.Identity;
import dev.tokenservice.testing.TestFront;
import dev.tokenservice.testing.TestService;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/doctor}, for machines that have only bash, curl and openssl. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("scripts-and-pages")
class DoctorScriptIT {

    private final TestAuthority root = TestAuthority.root("Root CA");
    private Path folder;
    private TestFront front;
    private TestService service;

    @BeforeAll
    void start(@TempDir Path files) {
        folder = files;
        write("client", root.client("spiffe://example.org/robot"));
        write("other", root.client("spiffe://example.org/other"));
        write(
                "expired",
                root.leaf("expired")
                        .valid(Instant.EPOCH, Instant.EPOCH.plusSeconds(60))
                        .issue());
        TestAuthority.write(folder.resolve("ca.crt"), root.certificate());
        front = TestFront.start(root.leaf("server")
                .dns("localhost")
                .purposes(KeyPurposeId.id_kp_serverAuth)
                .issue());
        service = TestService.start(Map.of("TOKEN_ISSUER", front.url()));
        front.forwardTo(service.port());
    }

    @AfterEach
    void repair() {
        front.writes(TestFront::asTheGuideHasIt);
    }

    @AfterAll
    void stop() {
        service.close();
        front.close();
    }

    @Test
    void doctor_everythingRight_isOkAndShowsNoToken() {
        Command ended = diagnose(front.url(), "client.crt", "client.key");

        assertThat(ended.status()).as(ended.output()).isZero();
        assertThat(ended.output())
                .contains("the key belongs to it")
                .endsWith("OK    the service answers 200 with a token\n")
                .doesNotContain("eyJ");
    }

    @Test
    void doctor_refusal_isTheAnswerOfTheService() {
        front.writes(certificate -> Headers.NONE);

        assertFinds(
                diagnose(front.url(), "client.crt", "client.key"),
                "the service answers 401",
                "no client certificate was verified");
    }

    @Test
    void doctor_files_areExaminedFirst() {
        assertFinds(diagnose(front.url(), "expired.crt", "expired.key"), "expired.crt has expired: renew it");
        assertFinds(diagnose(front.url(), "client.crt", "other.key"), "is not the private key of");
        assertFinds(diagnose(front.url(), "client.key", "client.key"), "is not a certificate in PEM");
    }

    @Test
    void doctor_noConnection_saysHowFarItCame() {
        assertFinds(diagnose("https://nowhere.invalid", "client.crt", "client.key"), "the host has no address");
        assertFinds(diagnose("https://localhost:1", "client.crt", "client.key"), "nothing answers");
        assertFinds(
                diagnose(front.url().replace("localhost", "127.0.0.1"), "client.crt", "client.key"),
                "the connection fails");
    }

    @Test
    void doctor_wrongArguments_haveAStatusOfTheirOwn() {
        List<List<String>> wrong = List.of(
                List.of(),
                List.of("--nonsense"),
                List.of("http://localhost"),
                List.of("https://a.example/?q"),
                List.of("https://a.example/$(id)"),
                List.of("-Kx"),
                List.of(front.url(), "--cert", "x"),
                List.of(front.url(), front.url()));
        for (List<String> arguments : wrong) {
            Command ended = Command.script("doctor", Map.of(), arguments.toArray(String[]::new));
            assertThat(ended.status()).as(arguments.toString()).isEqualTo(64);
            assertThat(ended.complaint()).startsWith("scripts/doctor: ").contains("--help");
        }
    }

    private void write(String name, Identity identity) {
        TestAuthority.write(folder.resolve(name + ".crt"), identity.certificate());
        TestAuthority.write(folder.resolve(name + ".key"), identity.key());
    }

    private static void assertFinds(Command ended, String... findings) {
        assertThat(ended.status()).as(ended.output()).isEqualTo(2);
        assertThat(ended.output()).contains("FAIL  ").contains(findings);
    }

    private Command diagnose(String url, String certificate, String key) {
        return Command.script(
                "doctor",
                Map.of(),
                url,
                "--cacert",
                folder.resolve("ca.crt").toString(),
                "--cert",
                folder.resolve(certificate).toString(),
                "--key",
                folder.resolve(key).toString());
    }
}
