package dev.tokenservice.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenservice.outbound.GoogleTransport;
import dev.tokenservice.outbound.GoogleTransport.Limits;
import dev.tokenservice.testing.HostileServer;
import dev.tokenservice.testing.HostileServer.Mode;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What doctor says of documents that are made to exhaust whoever reads them. */
class HostileDocumentsTest {

    private static final Limits LIMITS =
            new Limits(Duration.ofSeconds(1), Duration.ofMillis(700), Duration.ofSeconds(1), 4, 256 * 1024);

    private static HostileServer server;
    private static GoogleTransport transport;

    @BeforeAll
    static void start() throws NoSuchAlgorithmException {
        server = HostileServer.start();
        transport = new GoogleTransport(LIMITS, SSLContext.getDefault(), reason -> {});
    }

    @AfterAll
    static void stop() {
        transport.close();
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    void discovery_hostileAnswer_oneFindingOfOneHarmlessLine(Mode mode) {
        server.answer(mode);
        Findings findings = new Findings();

        new DiscoveryCheck(
                        Optional.of(server.url()), Optional.empty(), Optional.empty(), new PublicDocuments(transport))
                .run(Optional.empty(), findings);

        assertThat(findings.all()).singleElement().satisfies(finding -> {
            assertThat(finding.result()).isEqualTo(Result.FAIL);
            assertThat(finding.evidence())
                    .contains(server.url())
                    .hasSizeLessThan(1000)
                    .doesNotContain("ya29", "aaaa")
                    .matches("[ -~]+");
            assertThat(finding.remedy()).isNotEmpty();
        });
    }
}
