package dev.tokenservice.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.testing.TestDoctor;
import dev.tokenservice.testing.TestDoctor.Diagnosis;
import dev.tokenservice.testing.TestDoctor.Said;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample tokens that doctor makes for relying parties. */
class RelyingPartyDoctorTest {

    private static final String POLICY = """
            version: 1
            relyingParties:
              aws: {profile: aws, audience: sts.amazonaws.com, subject: "robots/{client.id}"}
              entra: {profile: entra, audience: "api://AzureADTokenExchange", include: minimal}
              long: {profile: google, audience: a, subject: "%s{client.id}"}
            rules: allow-all
            """.formatted("x".repeat(120));

    @TempDir
    Path folder;

    private Map<String, String> variables() throws IOException {
        return Map.of(
                "POLICY",
                Files.writeString(folder.resolve("policy.yml"), POLICY).toString(),
                "TOKEN_ISSUER",
                "https://tokens.example.com");
    }

    @Test
    void samples_areMadeForEveryRelyingParty() throws IOException {
        Diagnosis diagnosis = TestDoctor.run(variables(), Clock.systemUTC());
        List<Said> said = diagnosis.of("relying-party");

        assertThat(said).extracting(Said::result).containsExactly("OK", "WARN", "FAIL");
        assertThat(said.get(0).evidence())
                .matches("aws \\(aws\\): aud sts.amazonaws.com, signed with RS256, a sample has \\d+ characters");
        assertThat(said.get(1).evidence()).contains("without cnf its tokens are not bound to a certificate");
        assertThat(said.get(2).evidence())
                .contains("the subject (sub) has 140 bytes, and must be at most 127 bytes (https://cloud.google.com/");
        assertThat(diagnosis.status()).isEqualTo(2);
    }

    @Test
    void sample_ofOneRelyingParty_isTheOnlyOne() throws IOException {
        assertThat(TestDoctor.ofRelyingParty("aws", variables())
                        .the("relying-party")
                        .result())
                .isEqualTo("OK");
        assertThat(TestDoctor.ofRelyingParty("enta", variables()).the("relying-party"))
                .satisfies(said -> assertThat(said.evidence()).endsWith("did you mean entra?"))
                .satisfies(said -> assertThat(said.remedy()).contains("aws, entra, long"));
    }

    @Test
    void sample_withoutAPolicy_isForTheSettings() {
        assertThat(TestDoctor.run(Map.of(), Clock.systemUTC())
                        .the("relying-party")
                        .result())
                .isEqualTo("SKIPPED");
        assertThat(TestDoctor.ofRelyingParty("default", Map.of("TOKEN_AUDIENCE", "a"))
                        .the("relying-party")
                        .result())
                .isEqualTo("OK");
    }
}
