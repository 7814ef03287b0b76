package dev.tokenservice.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenservice.files.UnusableFileException;
import dev.tokenservice.testing.KeyForm;
import dev.tokenservice.testing.TestClock;
import dev.tokenservice.testing.TestKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a folder is read as, again and again. */
class KeyFolderTest {

    private static final String METADATA = "{\"algorithm\":\"ES256\",\"created\":\"2026-11-02T09:00:00Z\"}";

    @TempDir
    Path folder;

    private final PrivateKey first = TestKeys.ofJdkEc();
    private final PrivateKey second = TestKeys.ofJdkEc();
    private KeyFolder reader;

    @BeforeEach
    void write() throws IOException {
        reader = new KeyFolder(folder, new KeyFiles(() -> KeyPassword.of("").reader()), new TestClock());
        write("1.pem", first);
        write("2.pem", second);
    }

    private void write(String name, PrivateKey key) throws IOException {
        Files.writeString(folder.resolve(name), KeyForm.EC_PKCS8.pem(key));
    }

    private static List<String> names(KeyRing ring) {
        return ring.keys().stream()
                .map(key -> KeyFolder.name(key.file().orElseThrow()))
                .toList();
    }

    @Test
    void read_metadataBesideOneKey_isThatKeys() throws IOException {
        Files.writeString(folder.resolve("2.json"), METADATA);

        KeyRing ring = reader.read();

        assertThat(ring.problems()).isEmpty();
        assertThat(ring.keys().get(0).metadata()).isEmpty();
        assertThat(ring.keys().get(1).metadata()).isPresent();
    }

    @Test
    void read_metadataOfNoKeyOrTwoKeys_isToldAndNotUsed() throws IOException {
        Files.writeString(folder.resolve("3.json"), METADATA);
        assertThat(reader.read().problems()).isEmpty();
        assertThat(reader.read().strays()).singleElement().asString().contains("3.json");

        write("3.pem", TestKeys.ofJdkEc());
        write("3.key", TestKeys.ofJdkEc());
        KeyRing ring = reader.read();
        assertThat(ring.problems()).hasSize(2).allMatch(problem -> problem.contains("3.json belongs to two keys"));
        assertThat(names(ring)).containsExactly("1.pem", "2.pem");
    }

    @Test
    void read_fileThatBecomesUnusable_staysAsItWas() throws IOException {
        reader.read();
        Files.writeString(folder.resolve("2.pem"), "nonsense");
        Files.writeString(folder.resolve("1.json"), "nonsense");

        KeyRing ring = reader.read();

        assertThat(names(ring)).containsExactly("1.pem", "2.pem");
        assertThat(ring.problems()).hasSize(2);
        Files.delete(folder.resolve("2.pem"));
        assertThat(names(reader.read())).containsExactly("1.pem");
    }

    @Test
    void read_sameKeyTwice_isThereOnce() throws IOException {
        write("0.pem", second);

        KeyRing ring = reader.read();

        assertThat(names(ring)).containsExactly("0.pem", "1.pem");
        assertThat(ring.problems()).singleElement().asString().contains("2.pem holds the same key as another file");
    }

    @Test
    void read_folderThatIsLost_isRefusedOrTheRingThatWas() throws IOException {
        String id = reader.read().keys().get(0).id();
        Files.delete(folder.resolve("1.pem"));
        Files.delete(folder.resolve("2.pem"));
        assertThatThrownBy(() -> reader.read())
                .isInstanceOf(UnusableFileException.class)
                .hasMessageContaining("empty");

        Files.createFile(folder.resolve(id + ".revoked"));
        KeyRing ring = reader.read();
        assertThat(names(ring)).containsExactly("1.pem", "2.pem");
        assertThat(ring.revoked()).containsExactly(id);
    }

    @Test
    void read_keyThatComesLater_isNotedWithTheTime() throws IOException {
        reader.read();
        Path third = folder.resolve("3.pem");
        write("3.pem", TestKeys.ofJdkEc());

        RingKey key = reader.read().keys().get(2);

        assertThat(key.file()).contains(third);
        assertThat(key.firstSeen()).isPresent();
        assertThat(reader.read().keys().get(2).firstSeen()).isEqualTo(key.firstSeen());
        assertThat(reader.read().keys().get(0).firstSeen()).isEmpty();
    }

    @Test
    void read_tooManyFiles_isRefused() throws IOException {
        for (int i = 0; i < 1000; i++) {
            Files.createFile(folder.resolve("x" + i));
        }

        assertThatThrownBy(() -> reader.read()).hasMessageContaining("has more than 1000 files");
    }
}
