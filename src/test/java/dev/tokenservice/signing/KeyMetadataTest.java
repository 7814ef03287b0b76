package dev.tokenservice.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenservice.files.UnusableFileException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The file beside a key: read to the letter, written as it is read. */
class KeyMetadataTest {

    private static final Instant TIME = Instant.parse("2026-11-02T09:00:00Z");

    @TempDir
    Path folder;

    private KeyMetadata read(String text) throws IOException {
        return KeyMetadata.read(Files.writeString(folder.resolve("1.json"), text));
    }

    @Test
    void read_everyForm_isWhatItSays() throws IOException {
        assertThat(read("{\"algorithm\":\"RS256\",\"created\":\"2026-11-02t10:00:00.000+01:00\"}"))
                .isEqualTo(KeyMetadata.of("RS256", TIME, Optional.empty()));
        KeyMetadata complete = KeyMetadata.of("ES256", TIME, Optional.of(TIME)).retiring(TIME.plusSeconds(1));
        assertThat(read(new String(complete.content(), StandardCharsets.UTF_8))).isEqualTo(complete);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                                                  | one JSON object",
                "[]                                                                  | one JSON object",
                "{\"algorithm\":\"RS256\"} {}                                        | one JSON object",
                "{\"algorithm\":\"RS256\",\"algorithm\":\"RS256\"}                   | one JSON object",
                "{\"created\":\"2026-11-02T09:00:00Z\"}                              | member algorithm",
                "{\"algorithm\":\"PS256\",\"created\":\"2026-11-02T09:00:00Z\"}      | member algorithm",
                "{\"algorithm\":1,\"created\":\"2026-11-02T09:00:00Z\"}              | member algorithm",
                "{\"algorithm\":\"RS256\"}                                           | member created",
                "{\"algorithm\":\"RS256\",\"created\":1}                             | member created",
                "{\"algorithm\":\"RS256\",\"created\":null}                          | member created",
                "{\"algorithm\":\"RS256\",\"created\":\"2026-11-02T09:00:00\"}       | member created",
                "{\"algorithm\":\"RS256\",\"created\":\"2026-11-02T09:00Z\"}         | member created",
                "{\"algorithm\":\"RS256\",\"created\":\"2026-02-30T09:00:00Z\"}      | member created",
                "{\"algorithm\":\"RS256\",\"created\":\"2026-11-02\"}                | member created",
                "{\"algorithm\":\"RS256\",\"created\":\"2026-11-02T09:00:00Z\",\"a\":1} | unknown member",
                "{\"algorithm\":\"RS256\",\"created\":\"2026-11-02T09:00:00Z\",\"retires\":\"2026-11-02T09:00:00Z\"} | activates before retires",
                "{\"algorithm\":\"RS256\",\"created\":\"2026-11-02T09:00:00Z\",\"activates\":\"2026-11-02T09:00:00Z\",\"retires\":\"2026-11-02T09:00:00Z\"} | activates before retires",
                "{\"algorithm\":\"RS256\",\"created\":\"2026-11-02T09:00:00Z\",\"confirmed\":[]} | confirmed that is not an object",
                "{\"algorithm\":\"RS256\",\"created\":\"2026-11-02T09:00:00Z\",\"confirmed\":{\"a b\":\"2026-11-02T09:00:00Z\"}} | confirmed",
                "{\"algorithm\":\"RS256\",\"created\":\"2026-11-02T09:00:00Z\",\"confirmed\":{\"google\":true}} | member google that is not a date",
            })
    void read_anythingElse_isRefusedWithItsReason(String text, String reason) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(UnusableFileException.class)
                .hasMessageContaining(folder.resolve("1.json").toString())
                .hasMessageContaining(reason);
    }

    @Test
    void confirmations_areReadAsTheyWereWritten_upToTheirNumber() throws IOException {
        KeyMetadata metadata = KeyMetadata.of("RS256", TIME, Optional.empty());
        for (int i = 0; i < KeyMetadata.MOST_CONFIRMED; i++) {
            metadata = metadata.confirming("%063d".formatted(i), TIME.plusNanos(i + 1));
        }

        assertThat(read(new String(metadata.content(), StandardCharsets.UTF_8))).isEqualTo(metadata);
        String another = new String(metadata.confirming("another", TIME).content(), StandardCharsets.UTF_8);
        assertThatThrownBy(() -> read(another)).hasMessageContaining("at most 100 relying parties");
    }

    @Test
    void read_largeFile_isRefused() {
        assertThatThrownBy(() -> read(" ".repeat(17000))).hasMessageContaining("larger");
    }
}
