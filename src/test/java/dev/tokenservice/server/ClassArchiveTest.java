package dev.tokenservice.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClassArchiveTest {

    @Test
    void file_severalOptions_theLastCounts() {
        assertThat(ClassArchive.file(
                        List.of("-Xmx1g", "-XX:SharedArchiveFile=a.jsa", "-XX:AOTCache=/opt/token-service.aot")))
                .contains(Path.of("/opt/token-service.aot"));
    }

    @Test
    void file_baseAndTop_theTopCounts() {
        assertThat(ClassArchive.file(List.of("-XX:SharedArchiveFile=base.jsa:top.jsa")))
                .contains(Path.of("top.jsa"));
    }

    @Test
    void file_noSuchOption_nothing() {
        assertThat(ClassArchive.file(List.of("-XX:+UseSerialGC"))).isEmpty();
    }

    @Test
    void problem_thisJvmWithoutAnArchiveOfItsOwn_nothing() {
        assertThat(ClassArchive.problem()).isEmpty();
    }
}
