package dev.tokenservice.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tokenservice.files.UnusableFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A subject that is made from rows has one owner. */
class SubjectOwnersTest {

    @TempDir
    Path folder;

    private PolicyFile file(String relyingParty, String... matches) throws IOException {
        Files.writeString(folder.resolve("devices.csv"), "id,line\na,b\n");
        Files.writeString(folder.resolve("others.csv"), "id,line\na,b\n");
        StringBuilder text = new StringBuilder("version: 1\nrelyingParties:\n  p: {audience: a, " + relyingParty
                + "}\nsets: {devices: {file: devices.csv, key: id}, others: {file: others.csv, key: id}}\nrules:\n");
        for (int i = 0; i < matches.length; i++) {
            text.append("  - {name: r" + i + ", match: {" + matches[i] + "}, allow: {relyingParties: [p]}}\n");
        }
        return new PolicyFile(
                Files.writeString(folder.resolve("policy.yml"), text), PolicyContext.NONE, Clock.systemUTC());
    }

    private static String problems(PolicyFile file) {
        return String.valueOf(
                catchThrowableOfType(UnusableFileException.class, file::get).getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "subject: '{device.id}' | spiffe: 'spiffe://a/b' | the relying party p reads device.id: the rule must find",
                "subject: '{device.id}' | in: {devices: client.spiffe, as: box} | the rule must find the row, with in",
                "claims: {line: device.lin} | in: {devices: client.spiffe} | the set devices has only id, line",
                "subject: '{device.line}' | in: {devices: client.spiffe} | two rows of the set devices could have one subject"
            })
    void rule_thatDoesNotFindTheRow_isRefused(String party, String match, String problem) throws IOException {
        assertThat(problems(file(party, match))).contains(problem);
    }

    @Test
    void subject_ofTwoSets_isRefused() throws IOException {
        String subject = "subject: 'd/{device.id}'";

        assertThat(problems(file(subject, "in: {devices: client.spiffe}", "in: {others: client.spiffe}")))
                .contains("the subject of p is made from rows of devices for clients of default in a rule before");
        assertThatCode(() -> file(subject, "in: {devices: client.spiffe}", "in: {devices: client.spiffe}, flow: f")
                        .get())
                .doesNotThrowAnyException();
        assertThatCode(() -> file(
                                "subject: '{client.id}@{device.line}'",
                                "in: {devices: client.spiffe}",
                                "in: {others: client.spiffe}")
                        .get())
                .doesNotThrowAnyException();
    }

    @Test
    void subject_ofTwoAuthorities_isRefused() throws IOException {
        assertThat(problems(file(
                        "subject: '{device.id}'", "in: {devices: client.spiffe}, authority: [default, forwarded]")))
                .contains("the rule must name one authority");
    }
}
